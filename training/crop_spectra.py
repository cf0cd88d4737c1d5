"""data/sample/spectra.csv: median and spread per crop, dekad and band, from blocks kept out of training."""
import numpy as np

from crop_cycles import best, find, greenness
from crop_data import BANDS, DEKADS

HEADER = "crop,dekad,band,median,p25,p75,n,source"
LEAST_ROWS, LEAST_SEEN = 3, 3  # rows a crop needs; observations a dekad needs to stand by itself

# Which rows make which curve: (curve, crop as read, sources), best source first and one only:
# a monthly set and a ten-day set together would not be one curve.
CURVES = [
    ("winter_wheat", "winter_wheat", ["FRA", "US-CA"]),
    ("spring_wheat", "spring_wheat", ["CAN"]),
    ("barley", "barley", ["CAN"]),
    ("maize", "maize", ["US-AR"]),
    ("rice", "rice", ["US-AR"]),
    ("soybean", "soybean", ["US-AR"]),
    ("cotton", "cotton", ["US-AR"]),
    ("rapeseed", "rapeseed", ["FRA"]),
    ("potato", "potato", ["CAN"]),
    ("sunflower", "sunflower", ["US-CA"]),
    ("alfalfa", "alfalfa", ["US-CA"]),
    ("grass", "grass", ["FRA"]),
    ("grapes", "grapes", ["US-CA"]),
    ("winter_wheat+soybean", "winter_wheat+soybean", ["US-AR"]),
    ("peanut", "peanut", ["US-AR"]),
    ("tomato", "tomato", ["US-CA"]),
    ("sorghum", "sorghum", ["US-AR"]),
    ("walnut", "walnut", ["US-CA"]),
    ("apple", "apple", ["US-CA", "CAN"]),
    ("cherry", "cherry", ["US-CA"]),
    ("fallow", "fallow", ["US-AR"]),
    ("built", "other:developed", ["US-CA", "US-AR"]),
]
NAMES = {"US-AR": "Sentinel-2 L2A 2021, Arkansas (USA), label USDA CDL",
         "US-CA": "Sentinel-2 L2A 2021, California (USA), label USDA CDL",
         "CAN": "Sentinel-2 L2A 2017 monthly, Canada, label AAFC",
         "FRA": "Sentinel-2 L2A 2023, France, label RPG"}

# Surfaces that the labelled sets do not hold, as reflectance in the order of BANDS.
CONSTANT = {
    "bare_soil": ([.085, .115, .150, .180, .195, .210, .225, .235, .310, .270], .20,
                  "typical dry loam after ECOSTRESS/ASTER soil spectra, rounded; spread +-20 %"),
    "water": ([.055, .062, .050, .045, .035, .033, .030, .028, .018, .014], .25,
              "typical turbid inland water after published Sentinel-2 spectra, rounded; spread +-25 %"),
    "greenhouse": ([.300, .310, .310, .325, .345, .355, .365, .375, .335, .285], .15,
                   "typical plastic film greenhouse after published Sentinel-2 spectra, rounded; spread +-15 %"),
}


def double_rows(refl):
    """Of double-cropped points those that show both crops."""
    curves = greenness(refl)
    return np.array([best(find(c), c, 4, 17) is not None and best(find(c), c, 20, 30) is not None for c in curves])


def curve(refl):
    """Quartiles [3][36][10] (median, p25, p75) and n [36]; thin dekads are interpolated and have n = 0."""
    seen = np.isfinite(refl).all(axis=2)
    n = seen.sum(axis=0)
    good = n >= min(LEAST_SEEN, max(n.max(), 1))
    out = np.zeros((3, DEKADS, len(BANDS)))
    t = np.arange(DEKADS)
    for b in range(len(BANDS)):
        for k, q in enumerate((50, 25, 75)):
            at = [np.percentile(refl[seen[:, d], d, b], q) for d in t[good]]
            out[k, :, b] = np.interp(t, t[good], at)
    out[1], out[2] = np.minimum(out[1], out[0]), np.maximum(out[2], out[0])
    return out, np.where(good, n, 0)


def lines(crop, quartiles, n, source):
    for d in range(DEKADS):
        for b, band in enumerate(BANDS):
            m, lo, hi = quartiles[:, d, b]
            yield f"{crop},{d + 1},{band},{m:.4f},{lo:.4f},{hi:.4f},{n[d]},{source}"


def write(path, held):
    """held: Rows of the blocks kept out of training. Returns {curve: (rows, source)}."""
    out, used = [HEADER], {}
    for name, crop, sources in CURVES:
        for source in sources:
            refl = held.refl[(held.crop == crop) & (held.source == source)]
            if len(refl) and "+" in crop:
                refl = refl[double_rows(refl)]
            if len(refl) >= LEAST_ROWS:
                quartiles, n = curve(refl)
                out += lines(name, quartiles, n, NAMES[source].replace(",", ";"))
                used[name] = (len(refl), source)
                break
    for name, (values, spread, source) in CONSTANT.items():
        m = np.tile(np.array(values), (DEKADS, 1))
        out += lines(name, np.stack([m, m * (1 - spread), m * (1 + spread)]), np.zeros(DEKADS, int), source.replace(",", ";"))
        used[name] = (0, "literature")
    with open(path, "w") as f:
        f.write("\n".join(out) + "\n")
    return used
