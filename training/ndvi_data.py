"""The parcels of Central Asia: 16-day NDVI with surveyed crops (CAWa, CC BY-SA 4.0), and the input of crop-ndvi.

What the file gets wrong is mended here: places stand in three map projections.
"""
import datetime
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from crop_data import DEKADS, block_names, block_share, dekad_of
from crop_features import EPS, fill
from crop_folds import LEAST_ROWS, Fold
from crop_readers import read_us

CLASSES = ["winter_wheat", "winter_wheat_second_crop", "winter_wheat_rice", "cotton", "rice", "maize", "vegetables", "alfalfa", "orchard", "grapes",
           "fallow", "other"]
# Wheat "and other" is wheat with an unnamed second crop; where it is rice the survey says so.
CROPS = {"wheat": "winter_wheat", "wheat-rice": "winter_wheat_rice", "vineyard": "grapes",
         **{c: c for c in ("cotton", "rice", "maize", "vegetables", "alfalfa", "orchard", "fallow")},
         **{"wheat-" + c: "winter_wheat_second_crop" for c in ("other", "maize", "vegetables", "broom", "sorghum", "cotton", "carrot", "carrots", "beans", "melons")},
         **{c: "vegetables" for c in ("melons", "onions", "tomatoes", "pumpkin", "beans", "potatoes")}}
FILE = "crop_series_central_asia/cawa_ndvi_16day.csv.gz"
STEPS = list(range(1, 366, 16))  # first days of the year of the composites
LOW, HIGH = -0.2, 1.0
LEAST_DATES = 4
SINUSOIDAL_M, SPHERE_M = 5e6, 6371007.181


@dataclass
class Rows:
    """One parcel and year each. ndvi is [n][36], NaN where nothing was seen."""
    ndvi: np.ndarray
    label: np.ndarray  # index into CLASSES
    region: np.ndarray
    year: np.ndarray
    block: np.ndarray  # 0.1 degree square
    area: np.ndarray   # m2
    lat: np.ndarray
    lon: np.ndarray
    line: np.ndarray   # of the file, from 0

    def __len__(self):
        return len(self.label)

    def take(self, index):
        return Rows(*(getattr(self, f.name)[index] for f in fields(self)))


def utm(east, north, zone):
    """Latitude and longitude of UTM north, degrees: Snyder, Map Projections (1987), equations 8-17 to 8-25, WGS 84."""
    a, e2, k = 6378137.0, 0.00669437999014, 0.9996
    e1 = (1 - np.sqrt(1 - e2)) / (1 + np.sqrt(1 - e2))
    mu = north / k / (a * (1 - e2 / 4 - 3 * e2**2 / 64))
    p = mu + (3 * e1 / 2) * np.sin(2 * mu) + (21 * e1**2 / 16) * np.sin(4 * mu)
    ep, t = e2 / (1 - e2), np.tan(p)**2
    c, n = ep * np.cos(p)**2, a / np.sqrt(1 - e2 * np.sin(p)**2)
    r, d = a * (1 - e2) / (1 - e2 * np.sin(p)**2)**1.5, (east - 500000) / (n * k)
    lat = p - n * np.tan(p) / r * (d**2 / 2 - (5 + 3 * t + 10 * c - 4 * c**2 - 9 * ep) * d**4 / 24)
    lon = (d - (1 + 2 * t + c) * d**3 / 6 + (5 - 2 * c + 28 * t - 3 * c**2 + 8 * ep + 24 * t**2) * d**5 / 120) / np.cos(p)
    return np.degrees(lat), np.degrees(lon) + zone * 6 - 183


def places(x, y, region):
    """Latitude and longitude: MODIS's sinusoidal grid (2011), UTM 41 (Khorezm, and Fergana 2018, far outside its zone), UTM 42."""
    lat = y / SPHERE_M
    sinusoidal = np.degrees(lat), np.degrees(x / (SPHERE_M * np.cos(lat)))
    west, east = utm(x, y, 41), utm(x, y, 42)
    in_41 = (region == "Khorezm") | (x > 1e6)
    return tuple(np.where(x > SINUSOIDAL_M, s, np.where(in_41, w, e)) for s, w, e in zip(sinusoidal, west, east))


def steps():
    """The dekads (0-35) of the composites: those of their middles."""
    days = [datetime.date(2018, 1, 1) + datetime.timedelta(doy + 6) for doy in STEPS]
    return np.array([dekad_of(d.month, d.day) for d in days])


def read(data):
    """All parcels with four dates and a crop of one class."""
    raw = pd.read_csv(f"{data}/{FILE}")
    ndvi = np.full((len(raw), DEKADS), np.nan, np.float32)
    ndvi[:, steps()] = raw[[f"ndvi_doy{d:03d}" for d in STEPS]].to_numpy(np.float32)
    region = raw.region.to_numpy(dtype=object)
    lat, lon = places(raw.info_x.to_numpy(float), raw.info_y.to_numpy(float), region)
    label = np.array([CLASSES.index(CROPS.get(c, "other")) for c in raw.label_1])
    rows = Rows(ndvi, label, region, raw.year.to_numpy(int), block_names(lat, lon), raw.area.to_numpy(float), lat, lon, np.arange(len(raw)))
    return rows.take(np.isfinite(ndvi).sum(axis=1) >= LEAST_DATES)


def features(ndvi):
    """[n][36] NDVI (NaN = unseen) to float32 [n][2][36]: NDVI clipped and linear between observed dekads, 0 outside; 1 inside that span."""
    values, _, span = fill(np.clip(ndvi, LOW, HIGH).astype(np.float32)[..., None])
    return np.stack([values[..., 0], span.astype(np.float32)], axis=1)


def of_bands(red, infrared):
    """NDVI of reflectance, as the Go side derives it."""
    red, infrared = np.clip(red, 0, 1.2).astype(np.float32), np.clip(infrared, 0, 1.2).astype(np.float32)
    return (infrared - red) / (infrared + red + EPS)


YEARS = [2011, 2015, 2016, 2017, 2018]
REGIONS = ["Samarkand", "Fergana", "Kashkadarya", "Khorezm", "Dushanbe"]


def folds(rows):
    """By blocks (what is shipped), by years and by regions left out. A tenth of the blocks elsewhere calibrate."""
    share = np.array([block_share(b) for b in rows.block])
    held = np.flatnonzero(share < 0.18)
    out = {"blocks": Fold("blocks", np.flatnonzero(share >= 0.30), np.flatnonzero((share >= 0.18) & (share < 0.30)), held, held)}
    for name, inside in [(str(y), rows.year == y) for y in YEARS] + [(r, rows.region == r) for r in REGIONS]:
        train, judge = np.flatnonzero(~inside & (share >= 0.18)), np.flatnonzero(inside)
        here, there = (np.bincount(rows.label[i], minlength=len(CLASSES)) for i in (judge, train))
        common = (here >= LEAST_ROWS) & (there >= LEAST_ROWS)
        known = np.flatnonzero(~inside & (share < 0.18))
        out[name] = Fold(name, train, known, known, judge[common[rows.label[judge]]])
    return out


TREES = ("almond", "walnut", "pistachio", "apple", "pear", "peach", "cherry", "plum", "olive")
AMERICAN = {**{c: c for c in ("winter_wheat", "cotton", "rice", "maize", "alfalfa", "grapes", "fallow", "vegetables")}, "tomato": "vegetables",
            **{c: "orchard" for c in TREES}}


def america(data):
    """Sentinel-2 series of Arkansas and California, held-out blocks: another sensor and continent, crops of the same names."""
    parts = []
    for state, source, border in (("arkansas", "US-AR", 35.35), ("california", "US-CA", 38.7)):
        r = read_us(f"{data}/crop_series_us/{state}_zone0_2021_s2_10day.csv.gz", source, border)
        label = np.array([CLASSES.index(AMERICAN[c]) if c in AMERICAN else -1 for c in r.crop])
        held = np.array([block_share(b) for b in r.block]) < 0.18
        ndvi = of_bands(r.refl[..., 2], r.refl[..., 6])
        at = np.flatnonzero(held & (label >= 0) & (np.isfinite(ndvi).sum(axis=1) >= LEAST_DATES))
        parts.append(Rows(ndvi[at], label[at], np.full(len(at), source, dtype=object), r.year[at], r.block[at], r.area[at], r.lat[at], r.lon[at], at))
    return Rows(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Rows)))
