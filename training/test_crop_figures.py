"""Figures, spectra and augmentation, against hand counts and invariants."""
import unittest

import numpy as np

import crop_card
import crop_cycles
import crop_evaluate
import crop_spectra
from crop_augment import Augmenter
from crop_codes import CLASSES
from crop_data import Rows


def certain(guessed, p=0.8):
    out = np.full((len(guessed), len(CLASSES)), (1 - p) / (len(CLASSES) - 1))
    out[np.arange(len(guessed)), guessed] = p
    return out


class Figures(unittest.TestCase):
    def test_scores_by_hand(self):
        labels = np.array([5, 5, 5, 6, 6])
        found = crop_evaluate.scores(certain([5, 5, 6, 6, 6]), labels)
        self.assertEqual(found["oa"], 0.8)
        # maize: precision 2/2, recall 2/3, F1 0.8; rice: precision 2/3, recall 1, F1 0.8
        self.assertEqual((found["classes"]["maize"]["f1"], found["classes"]["rice"]["precision"]), (0.8, 0.6667))
        self.assertEqual(found["macro_f1"], 0.8)
        self.assertEqual(found["ece"], 0.0)  # says 0.8, is right in 0.8

    def test_calibration_error_of_the_overconfident(self):
        labels = np.array([0, 1, 1, 1])
        self.assertAlmostEqual(crop_evaluate.expected_calibration_error(certain([0, 0, 0, 0], 0.95), labels), 0.7, places=6)

    def test_threshold_keeps_what_is_right(self):
        labels = np.array([0] * 10 + [1] * 10)
        p = np.concatenate([certain([0] * 10, 0.9), certain([0] * 10, 0.62)])  # the less certain half is wrong
        self.assertEqual(crop_evaluate.least_probability(p, labels), 0.65)
        self.assertEqual(crop_evaluate.kept(p, labels, 0.65), {"threshold": 0.65, "coverage": 0.5, "accuracy": 1.0})

    def test_agreement_counts_only_what_both_keep(self):
        first, second = certain([0, 1, 2]), certain([0, 2, 2])
        second[2] = 1 / len(CLASSES)
        self.assertEqual(crop_evaluate.agreement(first, second, 0.5, 0.5), {"rows": 2, "same": 0.5})

    def test_in_service_needs_two_regions_and_a_hundred(self):
        counts = {c: {} for c in CLASSES}
        counts.update(maize={"a": 90, "b": 10}, rice={"a": 500, "b": 9}, cotton={"a": 50, "b": 49}, grass={"a": 80, "b": 80},
                      other={"a": 500, "b": 500})
        classes = {c: {"f1": 0.9} for c in CLASSES}
        classes["grass"] = {"f1": 0.59}
        self.assertEqual(crop_card.in_service(counts, classes), ["maize"])
        counts["maize"] = {"US-AR-north": 90, "US-AR-south": 50}  # halves of one set are one region
        self.assertEqual(crop_card.in_service(counts, classes), [])
        counts["maize"] = {"CAN-east": 90, "FRA-south": 50}
        self.assertEqual(crop_card.in_service(counts, classes, {"maize": {"f1": 0.5}}), [])  # every view must hold

    def test_area_under_curve_by_hand(self):
        # known 0.5 and 0.2 against strange 0.1 and 0.3: three of the four pairs have the known one higher; equal values count half
        self.assertEqual(crop_evaluate.area_under_curve(np.array([0.5, 0.2]), np.array([0.1, 0.3])), 0.75)
        self.assertEqual(crop_evaluate.area_under_curve(np.array([0.1]), np.array([0.1])), 0.5)


class Spectra(unittest.TestCase):
    def test_quartiles_and_thin_dekads(self):
        refl = np.full((5, 36, 10), np.nan, np.float32)
        refl[:, 0] = np.array([.1, .2, .3, .4, .5])[:, None]
        refl[:, 4] = 0.7
        refl[0, 2] = 0.9  # one observation is too few to stand by itself
        quartiles, n = crop_spectra.curve(refl)
        np.testing.assert_allclose(quartiles[:, 0, 0], [.3, .2, .4], atol=1e-6)
        self.assertEqual((n[0], n[2], n[4]), (5, 0, 5))
        self.assertAlmostEqual(quartiles[0, 2, 0], 0.5, places=6)  # halfway from 0.3 to 0.7


class Augmentation(unittest.TestCase):
    def setUp(self):
        rng = np.random.default_rng(2)
        n = 40
        refl = rng.uniform(0.05, 0.5, (n, 36, 10)).astype(np.float32)
        refl[rng.random((n, 36)) < 0.3] = np.nan
        radar = rng.normal(-15, 2, (n, 36, 2)).astype(np.float32)
        radar[:20] = np.nan
        text = lambda v: np.full(n, v, dtype=object)
        self.rows = Rows(refl, radar, text("maize"), text("summer"), text("US-AR"), text("US-AR"), text("1_1"), np.full(n, 2021),
                         np.full(n, np.nan), np.full(n, 35.0), np.full(n, -90.0))
        self.samples = crop_cycles.Samples(np.arange(n), np.arange(n) % 3, np.full(n, 12), np.full(n, 24),
                                           np.ones(n, np.float32), np.zeros(n, bool), np.ones(n, bool))
        self.group = np.where(np.arange(n) < 30, "a", "b").astype(object)

    def batch(self, seed):
        return Augmenter(self.rows, self.samples, self.group, np.random.default_rng(seed)).batch(np.arange(40))

    def test_same_seed_same_samples(self):
        np.testing.assert_array_equal(self.batch(4), self.batch(4))
        self.assertGreater(np.abs(self.batch(4) - self.batch(5)).max(), 0)

    def test_samples_keep_the_form_of_the_input(self):
        x = np.concatenate([self.batch(s) for s in range(8)])
        self.assertTrue(((x[:, 12] == 0) | (x[:, 12] == 1)).all())
        self.assertTrue(((x[:, :10] >= 0) & (x[:, :10] <= 1.2)).all())
        seen = x[:, 12] == 1
        self.assertTrue((x[:, 0][seen] > 0).all())
        first = np.where(seen.any(1), seen.argmax(1), 36)
        outside = np.arange(36) < first[:, None]
        self.assertEqual(np.abs(x[:, :13].transpose(0, 2, 1)[outside]).sum(), 0)
        self.assertGreater((seen.sum(1) >= 3).mean(), 0.9)
        self.assertTrue((x[:, 13:].reshape(8, 40, -1)[:, :20] == 0).all())  # no radar comes from nowhere
        self.assertGreater((x[:, 15].reshape(8, 40, -1)[:, 20:].max(2) == 1).mean(), 0.9)

    def test_rows_mix_only_within_their_group(self):
        self.rows.refl[:30], self.rows.refl[30:] = 0.2, 0.6
        augmenter = Augmenter(self.rows, self.samples, self.group, np.random.default_rng(1))
        for _ in range(20):
            values, _ = augmenter.mix(np.arange(40))
            np.testing.assert_allclose(values[:30], 0.2, atol=1e-6)
            np.testing.assert_allclose(values[30:], 0.6, atol=1e-6)


if __name__ == "__main__":
    unittest.main()
