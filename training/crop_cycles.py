"""Cycles of a year, found cheaply on NDVI, and the samples they make.

Parus proper finds cycles in parcels (Go). Training needs only something near
it, because the windows are jittered anyway.
"""
from dataclasses import dataclass, fields

import numpy as np

from crop_codes import CLASSES, DOUBLE, FREE, PERENNIAL, SUMMER, WINTER
from crop_features import fill, series

LEAST_DATES = 4
MARGIN = 2  # dekads shown before and after a cycle
PEAKS = {SUMMER: (13, 28), WINTER: (4, 21)}    # dekads (0-35) in which such a crop peaks
FALLBACK = {SUMMER: (10, 30), WINTER: (3, 21)}  # window where no cycle is found


def greenness(refl):
    """NDVI [n][36], linear between observations, flat outside, three-dekad mean."""
    values, observed, span = fill(refl)
    ndvi = (values[..., 6] - values[..., 2]) / (values[..., 6] + values[..., 2] + 1e-6)
    for row, inside in zip(ndvi, span):
        at = np.flatnonzero(inside)
        if len(at):
            row[:at[0]], row[at[-1] + 1:] = row[at[0]], row[at[-1]]
    padded = np.pad(ndvi, ((0, 0), (1, 1)), mode="edge")
    return (padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]) / 3


def walk(curve, peak, step):
    """From the peak down one side to its trough; returns (edge, trough value).

    The trough ends where the curve climbs 0.12 again. The edge is the last
    dekad above trough + a fifth of the amplitude.
    """
    low = peak
    i = peak
    while 0 <= i + step < len(curve):
        i += step
        if curve[i] < curve[low]:
            low = i
        elif curve[i] > curve[low] + 0.12:
            break
    level = curve[low] + 0.2 * (curve[peak] - curve[low])
    edge = peak
    while edge != low and curve[edge + step] >= level:
        edge += step
    return edge, curve[low]


def find(curve):
    """Cycles (start, peak, end) in time order: peak at least 0.35, 0.2 above its higher trough."""
    free = np.ones(len(curve), bool)
    found = []
    for peak in np.argsort(-curve, kind="stable"):
        if not free[peak] or curve[peak] < 0.35:
            continue
        start, left = walk(curve, peak, -1)
        end, right = walk(curve, peak, 1)
        if not free[start:end + 1].all():
            free[peak] = False
            continue
        free[start:end + 1] = False
        if curve[peak] - max(left, right) >= 0.2 or (curve[peak] - min(left, right) >= 0.25 and end - start < 30):
            found.append((int(start), int(peak), int(end)))
    return sorted(found)


@dataclass
class Samples:
    """One sample per cycle: row of the Rows it comes from, class number, cycle window, weight."""
    row: np.ndarray
    label: np.ndarray
    start: np.ndarray
    end: np.ndarray
    weight: np.ndarray
    perennial: np.ndarray
    whole: np.ndarray  # the label also holds for the whole year (the main crop of its row)

    def __len__(self):
        return len(self.row)

    def take(self, index):
        return Samples(*(getattr(self, f.name)[index] for f in fields(self)))


def class_of(crop):
    return CLASSES.index(crop.split(":")[0])


def best(cycles, curve, first, last):
    inside = [c for c in cycles if first <= c[1] <= last]
    return max(inside, key=lambda c: curve[c[1]]) if inside else None


def samples_of_row(crop, habit, curve, weeds):
    """(class, start, end, weight, perennial, whole) for each cycle of one point.

    weeds: also give green spells outside the crop's own season as 'other'
    (winter weeds or cover before a summer crop), because Parus will find them.
    """
    cycles = find(curve)
    year = (0, 35)
    if habit == PERENNIAL:
        return [(class_of(crop), *year, 1.0, True, True)]
    if habit == DOUBLE:
        first, second = crop.split("+")
        a, b = best(cycles, curve, 4, 17), best(cycles, curve, 20, 30)
        if a is None or b is None:
            return []
        return [(class_of(first), a[0], a[2], 1.0, False, False), (class_of(second), b[0], b[2], 1.0, False, False)]
    if habit == FREE:
        out = [(class_of(crop), s, e, 1.0, False, k == 0) for k, (s, _, e) in enumerate(cycles[:2])]
        return out or [(class_of(crop), *year, 1.0, True, True)]
    main = best(cycles, curve, *PEAKS[habit])
    start, end = (main[0], main[2]) if main else FALLBACK[habit]
    out = [(class_of(crop), start, end, 1.0, False, True)]
    if weeds and habit == SUMMER and main:
        out += [(CLASSES.index("other"), s, e, 0.3, False, False) for s, p, e in cycles if p <= 11 and e < start]
    return out


def samples(rows):
    curves = greenness(rows.refl)
    out = []
    for i in range(len(rows)):
        if np.isfinite(rows.refl[i]).all(axis=1).sum() < LEAST_DATES:
            continue
        weeds = rows.source[i].startswith("US")
        out += [(i, *s) for s in samples_of_row(rows.crop[i], rows.habit[i], curves[i], weeds)]
    row, label, start, end, weight, perennial, whole = (np.array(c) for c in zip(*out))
    return Samples(row, label, start, end, weight.astype(np.float32), perennial, whole)


def window(refl, start, end):
    """Reflectance with everything outside [start, end] unseen; start and end one per row."""
    t = np.arange(refl.shape[1])
    keep = (t >= np.asarray(start)[:, None]) & (t <= np.asarray(end)[:, None])
    return np.where(keep[..., None], refl, np.nan)


def shown(rows, s):
    """Features as the season shows them: the cycle and two dekads on each side."""
    start, end = s.start - MARGIN, s.end + MARGIN
    return series(window(rows.refl[s.row], start, end), window(rows.radar[s.row], start, end))


def shown_whole(rows, s, last=35):
    """Features as `parus models run` shows them: the whole year, up to dekad `last`."""
    end = np.full(len(s), last)
    return series(window(rows.refl[s.row], end * 0, end), window(rows.radar[s.row], end * 0, end))
