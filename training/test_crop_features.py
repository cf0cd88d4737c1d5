"""The input of the networks, against numbers worked out by hand."""
import unittest

import numpy as np

from crop_features import fill, series


def empty(n=1):
    return np.full((n, 36, 10), np.nan, np.float32)


class Features(unittest.TestCase):
    def test_linear_between_observed_dekads_and_zero_outside(self):
        refl = empty()
        refl[0, 10], refl[0, 14] = 0.1, 0.5
        x = series(refl)[0]
        # by hand: 0.1 + 0.4 * k/4
        np.testing.assert_allclose(x[0, 10:15], [0.1, 0.2, 0.3, 0.4, 0.5], atol=1e-6)
        self.assertEqual(x[:, :10].sum(), 0)
        self.assertEqual(x[:, 15:].sum(), 0)
        np.testing.assert_array_equal(np.flatnonzero(x[12]), [10, 14])

    def test_indices_by_hand(self):
        refl = empty()
        refl[0, 20] = [0.04, 0.07, 0.05, 0.1, 0.2, 0.3, 0.45, 0.40, 0.20, 0.1]
        x = series(refl)[0]
        self.assertAlmostEqual(x[10, 20], 0.40 / 0.50, places=4)  # (0.45-0.05)/(0.45+0.05)
        self.assertAlmostEqual(x[11, 20], 0.20 / 0.60, places=4)  # (0.40-0.20)/(0.40+0.20)

    def test_one_missing_band_makes_the_dekad_unseen(self):
        refl = empty()
        refl[0, 5], refl[0, 6], refl[0, 7] = 0.2, 0.9, 0.4
        refl[0, 6, 3] = np.nan
        x = series(refl)[0]
        self.assertEqual(x[12, 6], 0)
        self.assertAlmostEqual(x[0, 6], 0.3, places=6)

    def test_clip_comes_before_interpolation(self):
        refl = empty()
        refl[0, 0], refl[0, 2] = 2.2, 0.2
        self.assertAlmostEqual(series(refl)[0, 0, 1], 0.7, places=6)  # (1.2 + 0.2)/2

    def test_radar_is_scaled_and_filled_by_itself(self):
        radar = np.full((1, 36, 2), np.nan, np.float32)
        radar[0, 4], radar[0, 6], radar[0, 9, 0] = (-10, -20), (-5, -15), -8  # the last lacks VH
        x = series(empty(), radar)[0]
        np.testing.assert_allclose(x[13, 4:7], [0.5, 0.75, 1.0], atol=1e-6)  # (dB + 15) / 10, linear between
        np.testing.assert_allclose(x[14, 4:7], [-0.5, -0.25, 0.0], atol=1e-6)
        np.testing.assert_array_equal(np.flatnonzero(x[15]), [4, 6])
        self.assertEqual(np.abs(x[:13]).sum() + np.abs(x[13:, 7:]).sum(), 0)

    def test_nothing_seen_is_all_zero(self):
        self.assertEqual(np.abs(series(empty())).sum(), 0)

    def test_rows_do_not_touch_each_other(self):
        rng = np.random.default_rng(3)
        refl = rng.uniform(0, 0.5, (5, 36, 10)).astype(np.float32)
        refl[rng.random((5, 36)) < 0.5] = np.nan
        together = series(refl)
        for i in range(5):
            np.testing.assert_array_equal(together[i], series(refl[i:i + 1])[0])
        self.assertTrue(fill(refl)[2].any())


if __name__ == "__main__":
    unittest.main()
