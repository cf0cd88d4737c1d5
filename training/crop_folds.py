"""Which rows train, calibrate and judge: by blocks, and by whole regions left out."""
from dataclasses import dataclass

import numpy as np

from crop_codes import CLASSES
from crop_data import block_share, split

LEAST_ROWS = 10  # of a class on both sides, to be judged in a region left out

# Regions that are left out, by the beginning of their name.
REGIONS = ["CAN-centre", "CAN-east", "CAN-west", "FRA", "GLO", "AFR", "KOR", "US-AR-north", "US-AR-south", "US-CA-north", "US-CA-south"]


@dataclass
class Fold:
    """Indices into the samples. train: cycles and weeds; the others the main cycle of each row only."""
    name: str
    train: np.ndarray
    calibrate: np.ndarray  # temperature, ranks of familiarity
    known: np.ndarray      # in-domain rows that nothing saw
    judge: np.ndarray      # what the figures are of


def blocks(rows, s):
    part = split(rows)[s.row]
    held = np.flatnonzero((part == "held") & s.whole)
    return Fold("blocks", np.flatnonzero(part == "train"), np.flatnonzero((part == "validation") & s.whole), held, held)


def without(rows, s, region):
    """All blocks elsewhere that are not 'held' train; half of the held ones calibrate, half stand for the known."""
    part = split(rows)[s.row]
    share = np.array([block_share(b) for b in rows.block])[s.row]
    inside = np.array([r.startswith(region) for r in rows.region])[s.row]
    train = np.flatnonzero(~inside & (part != "held"))
    held = ~inside & (part == "held") & s.whole
    judge = np.flatnonzero(inside & s.whole)
    here = np.bincount(s.label[judge], minlength=len(CLASSES))
    there = np.bincount(s.label[train][s.whole[train]], minlength=len(CLASSES))
    common = (here >= LEAST_ROWS) & (there >= LEAST_ROWS)
    return Fold(region, train, np.flatnonzero(held & (share < 0.09)), np.flatnonzero(held & (share >= 0.09)), judge[common[s.label[judge]]])
