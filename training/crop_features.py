"""From reflectance and radar on 36 dekads to the 16 x 36 input of the networks.

This is the contract with the Go side (models): see README.md, "The input".
"""
import numpy as np

CHANNELS = ["B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12", "NDVI", "LSWI", "observed",
            "VV", "VH", "radar observed"]
EPS = np.float32(1e-6)
OBSERVED, RADAR, RADAR_OBSERVED = 12, slice(13, 15), 15


def fill(cube):
    """Linear in time between observed dekads. cube [n][36][k], NaN = unseen.

    Returns values (0 outside the span), observed [n][36] and span [n][36].
    """
    n, steps, _ = cube.shape
    observed = np.isfinite(cube).all(axis=2)
    t = np.arange(steps)
    before = np.maximum.accumulate(np.where(observed, t, -1), axis=1)
    after = np.minimum.accumulate(np.where(observed, t, steps)[:, ::-1], axis=1)[:, ::-1]
    span = (before >= 0) & (after < steps)
    lo, hi = np.clip(before, 0, steps - 1), np.clip(after, 0, steps - 1)
    row = np.arange(n)[:, None]
    weight = ((t - lo) / np.maximum(hi - lo, 1)).astype(np.float32)[..., None]
    seen = np.where(observed[..., None], cube, 0).astype(np.float32)
    values = seen[row, lo] * (1 - weight) + seen[row, hi] * weight
    return np.where(span[..., None], values, 0).astype(np.float32), observed, span


def series(refl, radar=None):
    """[n][36][10] reflectance and [n][36][2] dB (NaN = unseen) to float32 [n][16][36]."""
    values, observed, span = fill(np.clip(refl, 0, 1.2))
    out = np.zeros((len(refl), len(CHANNELS), refl.shape[1]), np.float32)
    out[:, :10] = values.transpose(0, 2, 1)
    red, nir, narrow, swir = out[:, 2], out[:, 6], out[:, 7], out[:, 8]
    out[:, 10] = np.where(span, (nir - red) / (nir + red + EPS), 0)
    out[:, 11] = np.where(span, (narrow - swir) / (narrow + swir + EPS), 0)
    out[:, OBSERVED] = observed
    if radar is not None:
        values, observed, _ = fill((radar + np.float32(15)) / np.float32(10))
        out[:, RADAR] = values.transpose(0, 2, 1)
        out[:, RADAR_OBSERVED] = observed
    return out
