"""The labelled series, read from their files into one plain form.

Every reader returns Rows: one row per point and calendar year, reflectance
0-1 on 36 dekads x 10 bands, NaN where nothing was seen. What each file gets
wrong is mended here, in its own reader, and nowhere else.
"""
import hashlib
import os
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

BANDS = ["B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12"]
CLASSES = ["winter_wheat", "spring_wheat", "barley", "maize", "rice", "soybean", "cotton",
           "rapeseed", "potato", "sunflower", "alfalfa", "grass", "grapes", "other"]
DEKADS = 36
CLOUDY_B02 = 0.20  # a composite brighter than this in blue is cloud, haze or snow

# How a row's crop sits in the year. It decides which part of the year the row shows.
SUMMER, WINTER, PERENNIAL, DOUBLE, FREE = "summer", "winter", "perennial", "double", "free"

# USDA Cropland Data Layer 2021: code -> (crop, habit). A code that is missing here is
# left out: either it is no land use Parus meets, or it looks like two of our classes.
CDL = {
    1: ("maize", SUMMER), 2: ("cotton", SUMMER), 3: ("rice", SUMMER), 4: ("other:sorghum", SUMMER),
    5: ("soybean", SUMMER), 6: ("sunflower", SUMMER), 10: ("other:peanut", SUMMER),
    21: ("barley", WINTER), 24: ("winter_wheat", WINTER), 26: ("winter_wheat+soybean", DOUBLE),
    28: ("other:oats", WINTER), 33: ("other:safflower", SUMMER), 36: ("alfalfa", PERENNIAL),
    37: ("grass", PERENNIAL), 42: ("other:dry_beans", SUMMER), 46: ("other:sweet_potato", SUMMER),
    49: ("other:onion", FREE), 53: ("other:peas", FREE), 54: ("other:tomato", SUMMER),
    58: ("other:clover", FREE), 59: ("grass", PERENNIAL), 61: ("other:fallow", FREE),
    66: ("other:cherry", PERENNIAL), 67: ("other:peach", PERENNIAL), 68: ("other:apple", PERENNIAL),
    69: ("grapes", PERENNIAL), 72: ("other:citrus", PERENNIAL), 75: ("other:almond", PERENNIAL),
    76: ("other:walnut", PERENNIAL), 77: ("other:pear", PERENNIAL), 111: ("other:water", PERENNIAL),
    121: ("other:developed", PERENNIAL), 122: ("other:developed", PERENNIAL),
    123: ("other:developed", PERENNIAL), 124: ("other:developed", PERENNIAL),
    152: ("other:shrub", PERENNIAL), 176: ("grass", PERENNIAL), 190: ("other:wetland", PERENNIAL),
    195: ("other:wetland", PERENNIAL), 204: ("other:pistachio", PERENNIAL),
    205: ("other:triticale", WINTER), 211: ("other:olive", PERENNIAL), 217: ("other:pomegranate", PERENNIAL),
    220: ("other:plum", PERENNIAL), 225: ("winter_wheat+maize", DOUBLE),
}

# WorldCereal CT codes (Canada). 0 unknown, 1000 cereals and 1100 wheat are left out.
CT = {
    1110: ("winter_wheat", WINTER), 1120: ("spring_wheat", SUMMER), 1200: ("maize", SUMMER),
    1500: ("barley", SUMMER), 1510: ("barley", WINTER), 1520: ("barley", SUMMER),
    1610: ("other:rye", WINTER), 1700: ("other:oats", SUMMER), 2200: ("other:vegetable", SUMMER),
    2230: ("other:tomato", SUMMER), 2310: ("other:carrot", SUMMER), 2340: ("other:onion", SUMMER),
    3460: ("other:blueberry", PERENNIAL), 3510: ("other:apple", PERENNIAL), 3520: ("other:apricot", PERENNIAL),
    3530: ("other:cherry", PERENNIAL), 3540: ("other:peach", PERENNIAL), 3550: ("other:pear", PERENNIAL),
    4100: ("soybean", SUMMER), 4330: ("other:mustard", SUMMER), 4350: ("rapeseed", SUMMER),
    4380: ("sunflower", SUMMER), 5100: ("potato", SUMMER), 7100: ("other:dry_beans", SUMMER),
    7700: ("other:peas", SUMMER), 7920: ("alfalfa", PERENNIAL), 8100: ("other:beet", SUMMER),
    9120: ("grass", PERENNIAL), 9600: ("other:tobacco", SUMMER),
}

# EWoC codes (France). 1106000000 (oilseed), 1115000000 and the mixed ones are left out.
EWOC = {
    1101010011: ("winter_wheat", WINTER), 1101010021: ("winter_wheat", WINTER),
    1101010012: ("spring_wheat", SUMMER), 1101010022: ("spring_wheat", SUMMER),
    1101020011: ("barley", WINTER), 1101020012: ("barley", SUMMER), 1101060000: ("maize", SUMMER),
    1101060001: ("maize", SUMMER), 1106000020: ("soybean", SUMMER), 1106000010: ("sunflower", SUMMER),
    1106000031: ("rapeseed", WINTER), 1106000032: ("rapeseed", SUMMER), 1107000010: ("potato", SUMMER),
    1201000010: ("grapes", PERENNIAL), 2001020022: ("grass", PERENNIAL), 2001020021: ("grass", PERENNIAL),
    2000000000: ("grass", PERENNIAL), 1111020010: ("alfalfa", PERENNIAL),
    1101030011: ("other:rye", WINTER), 1101040011: ("other:oats", WINTER), 1101040012: ("other:oats", SUMMER),
    1101050001: ("other:triticale", WINTER), 1101070000: ("other:sorghum", SUMMER),
    1105010022: ("other:pulse", SUMMER), 1105010032: ("other:pulse", SUMMER),
    1201000000: ("other:orchard", PERENNIAL), 1201040000: ("other:nuts", PERENNIAL),
    1201010110: ("other:orchard", PERENNIAL),
}


@dataclass
class Rows:
    """Points of one or more sets. refl is [n][36][10]; the rest one value per row."""
    refl: np.ndarray
    crop: np.ndarray    # class, "other:what", or "first+second"
    habit: np.ndarray
    source: np.ndarray  # US-AR, US-CA, CAN, FRA
    region: np.ndarray  # what is held out together in leave-region-out
    block: np.ndarray   # 0.1 degree square

    def __len__(self):
        return len(self.crop)

    def take(self, index):
        return Rows(*(getattr(self, f.name)[index] for f in fields(self)))


def join(parts):
    return Rows(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Rows)))


def block_names(lat, lon):
    return np.array([f"{int(np.floor(a * 10))}_{int(np.floor(o * 10))}" for a, o in zip(lat, lon)])


# Chosen among 400 salts, on class counts alone and before any training, so that
# no rare class falls wholly on one side of the split.
SPLIT_SALT = "parus-crop-292:"


def block_share(block):
    """A number in [0,1) that depends on nothing but the block's name."""
    return int(hashlib.sha256((SPLIT_SALT + block).encode()).hexdigest()[:8], 16) / 2**32


def split(rows):
    """'held' (never seen in training: test and sample spectra), 'validation' or 'train', by block."""
    share = np.array([block_share(b) for b in rows.block])
    return np.where(share < 0.18, "held", np.where(share < 0.30, "validation", "train"))


def reflectance(dn, missing):
    """Digital numbers x 10000 to 0-1; a dekad with any missing band, or bright in blue, is unseen."""
    refl = dn.astype(np.float32) / 10000
    unseen = (dn == missing).any(axis=-1) | ~np.isfinite(dn).all(axis=-1) | (dn <= 0).any(axis=-1)
    unseen |= refl[..., 0] > CLOUDY_B02
    refl[unseen] = np.nan
    return np.clip(refl, 0, 1.2)


def dekad_of(month, day):
    """0-35: three dekads a month, the third ends with the month."""
    return (month - 1) * 3 + np.minimum((day - 1) // 10, 2)


def labelled(codes, table):
    known = np.array([c in table for c in codes])
    pairs = [table[c] for c, k in zip(codes, known) if k]
    return known, np.array([p[0] for p in pairs], dtype=object), np.array([p[1] for p in pairs], dtype=object)


def read_us(path, source):
    """10-day medians of 2021. 0 = not seen. Labels from cdl_raw: source_crop_label is wrong in places."""
    table = pd.read_csv(path)
    dn = np.stack([table[[f"{b}_T{t:02d}" for b in BANDS]].to_numpy(np.float64) for t in range(1, DEKADS + 1)], axis=1)
    known, crop, habit = labelled(table.cdl_raw.tolist(), CDL)
    table, dn = table[known], dn[known]
    n = len(table)
    return Rows(reflectance(dn, 0), crop, habit, np.full(n, source, dtype=object),
                np.full(n, source, dtype=object), block_names(table.lat, table.lon))


def read_long(path, source, table, code_column, year, monthly):
    """WorldCereal long form: one line per point and date. 65535 = not seen; B8A is absent: B08 stands in."""
    lines = pd.read_csv(path, low_memory=False)
    # Canada's stamps are local midnight written in UTC: half a day later is the local day.
    when = pd.to_datetime(lines.timestamp) + pd.Timedelta(hours=12)
    lines = lines[when.dt.year == year].copy()
    when = when[when.dt.year == year]
    day = np.full(len(lines), 15) if monthly else when.dt.day.to_numpy()
    lines["dekad"] = dekad_of(when.dt.month.to_numpy(), day)
    dn = lines[["S2-L2A-" + ("B08" if b == "B8A" else b) for b in BANDS]].to_numpy(np.float64)
    points = lines.groupby("sample_id", sort=True).first()
    index = pd.Index(points.index).get_indexer(lines.sample_id)
    cube = np.full((len(points), DEKADS, len(BANDS)), 65535.0)
    cube[index, lines.dekad.to_numpy()] = dn
    known, crop, habit = labelled(points[code_column].tolist(), table)
    points, cube = points[known], cube[known]
    if source == "CAN":
        region = np.array([canadian_region(o) for o in points.lon], dtype=object)
    else:
        region = np.full(len(points), source, dtype=object)
    return Rows(reflectance(cube, 65535), crop, habit, np.full(len(points), source, dtype=object),
                region, block_names(points.lat, points.lon))


def canadian_region(lon):
    if lon < -90:
        return "CAN-west"
    return "CAN-centre" if lon < -70 else "CAN-east"


def read_all(data):
    """Every set that shipped weights may use (no Korea, no Central Asia), in fixed order."""
    us, wc = os.path.join(data, "crop_series_us"), os.path.join(data, "crop_series_worldcereal")
    return join([
        read_us(os.path.join(us, "arkansas_zone0_2021_s2_10day.csv.gz"), "US-AR"),
        read_us(os.path.join(us, "california_zone0_2021_s2_10day.csv.gz"), "US-CA"),
        read_long(os.path.join(wc, "CAN_2017_monthly_s1s2meteo.csv.gz"), "CAN", CT, "CROPTYPE_LABEL", 2017, True),
        read_long(os.path.join(wc, "FRA_2023_dekad_s1s2meteo.csv.gz"), "FRA", EWOC, "ewoc_code", 2023, False),
    ])
