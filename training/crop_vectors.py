"""models/testdata/crop_features.json: inputs, features and probabilities the Go side must reproduce.

The inputs are synthetic (soil, water and leaf spectra mixed by smooth curves
plus noise), so no row of anybody's data stands in the repository.
"""
import json

import numpy as np

from crop_codes import CLASSES
from crop_data import BANDS
from crop_features import CHANNELS, series

SOIL = np.array([.085, .115, .150, .180, .195, .210, .225, .235, .310, .270])
WATER = np.array([.060, .075, .065, .060, .050, .048, .045, .042, .030, .022])
LEAF = np.array([.025, .055, .028, .085, .290, .380, .410, .425, .200, .095])
STRAW = np.array([.070, .105, .150, .190, .230, .250, .270, .290, .330, .250])


def curve(up, down, speed=1.0, top=0.95):
    t = np.arange(36)
    return top / (1 + np.exp(-(t - up) / speed)) * (1 - 1 / (1 + np.exp(-(t - down) / speed)))


def mixture(green, below, rng, after=None, turn=36):
    ground = np.where((np.arange(36) < turn)[:, None], below, below if after is None else after)
    refl = green[:, None] * LEAF + (1 - green[:, None]) * ground
    return refl * np.exp(rng.normal(0, 0.03, refl.shape)) + rng.normal(0, 0.003, refl.shape)


def seen(refl, dekads):
    out = np.full_like(refl, np.nan)
    out[dekads] = refl[dekads]
    return np.round(out, 5)


def cases():
    rng = np.random.default_rng(20240715)
    some = lambda lo, hi, n: np.sort(rng.choice(np.arange(lo, hi), n, replace=False))
    maize = mixture(curve(15, 25), SOIL, rng, STRAW, 25)
    late = mixture(curve(19, 27), SOIL, rng, STRAW, 27)
    rice = mixture(curve(18, 26), WATER, rng, STRAW, 25)
    wheat = mixture(curve(6, 15, 1.5), SOIL, rng, STRAW, 15)
    meadow = mixture(np.clip(0.75 + 0.1 * np.sin(np.arange(36) / 3), 0, 0.95), SOIL, rng)
    vines = mixture(curve(11, 30, 2, 0.45), SOIL, rng)
    odd = seen(late, [14, 16, 17, 19])
    odd[14, 3] = np.nan      # one band missing: the whole dekad is unseen
    odd[16, 9] = 1.35        # above the clip
    odd[17, 0] = -0.004      # below the clip
    return [("winter wheat, 9 dates", seen(wheat, some(2, 19, 9))), ("maize, 12 dates", seen(maize, some(11, 29, 12))),
            ("rice, flooded first, 10 dates", seen(rice, some(12, 30, 10))), ("meadow, whole year", seen(meadow, some(0, 36, 28))),
            ("vines, whole year, 20 dates", seen(vines, some(0, 36, 20))), ("summer crop, mid-season, 3 usable dates, odd values", odd),
            ("one date only", seen(maize, [18])), ("nothing seen", np.full((36, 10), np.nan))]


def echoes(green, rng, dekads):
    """Radar of a crop that grows: VH rises with the canopy."""
    out = np.full((36, 2), np.nan)
    both = np.stack([-12 + 2.5 * green, -20 + 6 * green], axis=1) + rng.normal(0, 0.4, (36, 2))
    out[dekads] = both[dekads]
    return np.round(out, 3)


def with_radar():
    """(name, optical, radar): both, radar only, radar on other dates than optics."""
    rng = np.random.default_rng(7)
    green = curve(15, 25)
    maize = mixture(green, SOIL, rng, STRAW, 25)
    none = np.full((36, 10), np.nan)
    part = echoes(green, rng, np.arange(4, 30, 2))
    part[10, 1] = np.nan  # one polarisation missing: the dekad is unseen
    return [("maize with radar, 9 dates", seen(maize, np.arange(10, 28, 2)), echoes(green, rng, np.arange(0, 36, 1))),
            ("radar only", none, echoes(green, rng, np.arange(3, 33))),
            ("radar on other dates than optics", seen(maize, np.array([11, 13, 16, 20, 25])), part)]


def exact(values):
    """float32 as the shortest decimal that reads back to the same float32."""
    return [float(np.format_float_positional(v, unique=True)) for v in np.asarray(values, np.float32).ravel()]


def listed(cube):
    return [[None if np.isnan(v) else float(v) for v in step] for step in cube]


def write(path, crop, small):
    """crop: an Ensemble; small: crop-small. Each case: bands, radar where there is any, features, answers."""
    silent = np.full((36, 2), np.nan)
    named = [(n, c, silent) for n, c in cases()] + with_radar()
    features = series(np.stack([c for _, c, _ in named]).astype(np.float32), np.stack([r for _, _, r in named]).astype(np.float32))
    whole = np.concatenate([crop.probability(features), crop.familiarity(features)[:, None]], axis=1)
    found = {"crop": whole, "crop_small": small.probability(features)}
    out = {"comment": "Written by training/train_crop.py from synthetic spectra; features by numpy, probabilities and familiarity by PyTorch, "
                      "scikit-learn and numpy. null = NaN. They agree with the ONNX files within 1e-5.",
           "bands": BANDS, "channels": CHANNELS, "classes": CLASSES, "cases": []}
    for i, (name, refl, radar) in enumerate(named):
        case = {"name": name, "bands": listed(refl)}
        if np.isfinite(radar).any():
            case["radar"] = listed(radar)
        case["features"] = [exact(channel) for channel in features[i]]
        case.update({k: exact(p[i]) for k, p in found.items()})
        out["cases"].append(case)
    with open(path, "w") as f:
        json.dump(out, f)
        f.write("\n")
