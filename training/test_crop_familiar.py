"""Familiarity, mixtures, folds and the suite's lines, on made numbers."""
import unittest

import numpy as np

import crop_data
import crop_familiar
import crop_folds
import crop_suite
from crop_codes import CLASSES
from crop_cycles import Samples


def rows(n, lat=45.0):
    rng = np.random.default_rng(1)
    text = lambda v: np.full(n, v, dtype=object)
    refl = rng.uniform(0.05, 0.15, (n, 36, 10)).astype(np.float32)
    refl[:, ::2] = np.nan
    return crop_data.Rows(refl, np.full((n, 36, 2), np.nan, np.float32), text("maize"), text("summer"), text("FRA"), text("FRA-north"),
                          np.array([f"{k}_{k}" for k in range(n)], dtype=object), np.full(n, 2023), np.full(n, 2000.0),
                          np.full(n, lat) + np.arange(n) * 0.01, np.zeros(n))


def samples(n):
    return Samples(np.arange(n), np.where(np.arange(n) % 2, CLASSES.index("maize"), CLASSES.index("soybean")), np.zeros(n, int),
                   np.full(n, 35), np.ones(n, np.float32), np.zeros(n, bool), np.ones(n, bool))


class Familiarity(unittest.TestCase):
    def test_five_of_a_hundred_known_series_are_flagged_and_strange_ones_all(self):
        rng = np.random.default_rng(3)
        draw = lambda n, at: (rng.normal(at, 1, (n, 40)).astype(np.float32), rng.normal(at, 1, (n, 60)).astype(np.float32), rng.uniform(0, 1, n))
        made = crop_familiar.Familiar(*draw(3000, 0)[:2], seed=1)
        made.fit_rank(*draw(2000, 0))
        known, strange = made.rank(*draw(2000, 0)), made.rank(*draw(200, 4))
        self.assertAlmostEqual((known < 0.05).mean(), 0.05, delta=0.02)
        self.assertEqual((strange < 0.05).mean(), 1)
        self.assertTrue(((known >= 0) & (known <= 1)).all())


class Folds(unittest.TestCase):
    def test_no_row_is_on_two_sides(self):
        r, s = rows(400), samples(400)
        r.region[:100] = "KOR-south"
        for fold in (crop_folds.blocks(r, s), crop_folds.without(r, s, "KOR")):
            self.assertFalse(set(fold.train) & set(fold.calibrate) or set(fold.train) & set(fold.judge) or set(fold.calibrate) & set(fold.judge)
                             or set(fold.train) & set(fold.known))
            self.assertGreater(min(len(fold.train), len(fold.judge), len(fold.calibrate)), 20)
        self.assertEqual(set(crop_folds.without(r, s, "KOR").judge), set(range(100)))


class Suite(unittest.TestCase):
    def test_a_line_by_hand(self):
        r = rows(1)
        r.radar[0, 1] = (-10.5, -17.25)
        found = dict(crop_suite.lines("x", r, r.refl[0], r.radar[0], "maize"))
        self.assertEqual(found[1].split(",")[:2], ["x", "2023-01-15"])
        self.assertEqual(found[1].split(",")[12:], ["-10.5", "-17.25", "45", "0", "maize", "FRA-north", "2023", "3"])
        self.assertNotIn(2, found)  # nothing seen

    def test_southern_rows_go_back_to_their_own_dates(self):
        r = rows(1, -30.0)
        day = dict(crop_suite.lines("x", r, r.refl[0], r.radar[0], "maize"))[1].split(",")[1]
        self.assertEqual(day, "2023-07-15")

    def test_mixtures_are_shares_of_two_classes_nearby(self):
        r, s = rows(6), samples(6)
        place, refl, _, share = crop_suite.mixtures(r, s, np.arange(6), s.label, 1)
        k = int(np.flatnonzero(share == 0.8)[0])
        other = [v for v in (place[k] - 1, place[k] + 1) if 0 <= v < 6]
        self.assertTrue(any(np.allclose(refl[k], 0.8 * r.refl[place[k]] + 0.2 * r.refl[o], equal_nan=True) for o in other))


if __name__ == "__main__":
    unittest.main()
