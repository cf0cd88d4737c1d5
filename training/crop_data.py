"""The labelled series in one plain form, and the split by place.

Rows hold one point or parcel and year each: reflectance on 36 dekads x 10 bands and
radar on 36 dekads x 2, NaN where nothing was seen. The readers (crop_readers.py) make
them; what each file gets wrong is mended there and nowhere else.
"""
import hashlib
from dataclasses import dataclass, fields

import numpy as np

BANDS = ["B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12"]
DEKADS = 36
CLOUDY_B02 = 0.20  # a date brighter than this in blue is cloud, haze or snow


@dataclass
class Rows:
    """Points of one or more sets. refl is [n][36][10], radar [n][36][2] (VV, VH, dB); the rest one value per row."""
    refl: np.ndarray
    radar: np.ndarray
    crop: np.ndarray    # class, "other:what", or "first+second"
    habit: np.ndarray
    source: np.ndarray  # US-AR, US-CA, CAN, FRA, GLO, AFR, KOR, county
    region: np.ndarray  # what is held out together in leave-region-out
    block: np.ndarray   # 0.1 degree square
    year: np.ndarray
    area: np.ndarray    # m2 of the parcel; NaN = a point
    lat: np.ndarray
    lon: np.ndarray

    def __len__(self):
        return len(self.crop)

    def take(self, index):
        return Rows(*(getattr(self, f.name)[index] for f in fields(self)))


def join(parts):
    return Rows(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Rows)))


def block_names(lat, lon):
    return np.array([f"{int(np.floor(a * 10))}_{int(np.floor(o * 10))}" for a, o in zip(lat, lon)], dtype=object)


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
    """Digital numbers x 10000 to 0-1; a dekad with any missing band is unseen, and one bright in blue (see without_cloud)."""
    refl = dn.astype(np.float32) / 10000
    seen = (dn != missing).all(axis=-1) & np.isfinite(dn).all(axis=-1) & (dn > 0).all(axis=-1)
    refl[~without_cloud(seen, refl[..., 0])] = np.nan
    return np.clip(refl, 0, 1.2)


def without_cloud(seen, blue, least=4):
    """Which dates count: those not bright in blue; where fewer than `least` are left (film, greenhouses), all that were seen."""
    clear = seen & ~(blue > CLOUDY_B02)
    few = clear.sum(axis=1, keepdims=True) < least
    return np.where(few, seen, clear)


def decibel(dn, missing=65535):
    """WorldCereal's radar numbers to dB: 20 log10(DN) - 83."""
    dn = np.where((dn == missing) | ~np.isfinite(dn) | (dn <= 0), np.nan, dn.astype(np.float64))
    return (20 * np.log10(dn) - 83).astype(np.float32)


def dekad_of(month, day):
    """0-35: three dekads a month, the third ends with the month."""
    return (month - 1) * 3 + np.minimum((day - 1) // 10, 2)


def southern(refl, lat):
    """Half a year later south of the equator: columns as on northern seasons."""
    return np.where((np.asarray(lat) < 0).reshape(-1, *[1] * (refl.ndim - 1)), np.roll(refl, 18, axis=1), refl)
