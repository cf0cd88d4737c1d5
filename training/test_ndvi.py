"""crop-ndvi: its data, its input, and the exported file, against numbers worked out by hand or by another tool."""
import unittest

import numpy as np
import torch

import ndvi_data
import ndvi_model
from ndvi_data import CLASSES, features, of_bands, places, steps


def empty():
    return np.full((1, 36), np.nan, np.float32)


class Data(unittest.TestCase):
    def test_places_of_three_projections(self):
        # Easting 500 km is the middle of a zone: 69 degrees of zone 42, 63 of zone 41, whatever the northing.
        lat, lon = places(np.array([500000.0, 500000.0]), np.array([0.0, 4400000.0]), np.array(["Fergana", "Khorezm"], dtype=object))
        np.testing.assert_allclose(lon, [69, 63], atol=1e-9)
        # An arc of meridian from the equator to 40 degrees is 4429529.0 m on WGS 84 (times 0.9996 = 4427757.2): tables of the ellipsoid.
        np.testing.assert_allclose(places(np.array([500000.0]), np.array([4427757.2]), np.array(["Fergana"], dtype=object))[0], 40, atol=1e-4)
        # Sinusoidal: y = R lat, x = R lon cos(lat).
        lat, lon = places(np.array([6371007.181 * np.radians(71.5) * np.cos(np.radians(40.5))]), np.array([6371007.181 * np.radians(40.5)]), np.array(["Fergana"], dtype=object))
        np.testing.assert_allclose((lat[0], lon[0]), (40.5, 71.5), atol=1e-9)

    def test_composites_lie_on_dekads_of_their_middles(self):
        at = steps()
        # Days 1-16 January: the 8th is in the first dekad; 17 January-1 February: the 24th in the third; day 353 is 19 December: the 26th in the last.
        self.assertEqual((at[0], at[1], at[-1], len(set(at))), (0, 2, 35, 23))


class Input(unittest.TestCase):
    def test_linear_between_and_nothing_outside(self):
        x = empty()
        x[0, 10], x[0, 14], x[0, 16] = 0.1, 0.5, 1.4  # the last is clipped to 1
        ndvi, span = features(x)[0]
        np.testing.assert_allclose(ndvi[10:17], [0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0], atol=1e-6)
        np.testing.assert_array_equal(np.flatnonzero(span), np.arange(10, 17))
        self.assertEqual(np.abs(ndvi[:10]).sum() + np.abs(ndvi[17:]).sum(), 0)

    def test_of_bands(self):
        self.assertAlmostEqual(float(of_bands(np.array([0.05]), np.array([0.45]))[0]), 0.8, places=5)
        self.assertTrue(np.isnan(of_bands(np.array([np.nan]), np.array([0.45]))[0]))


class Export(unittest.TestCase):
    def test_one_file_gives_the_mean_of_the_nets(self):
        """Against numpy: Gemm, Relu, Gemm, Relu, Gemm, Softmax of the file's own weights, and PyTorch of the nets."""
        from onnx import numpy_helper
        torch.manual_seed(3)
        rng = np.random.default_rng(3)
        nets = [ndvi_model.Net(rng.normal(0.3, 0.1, 72).astype(np.float32), rng.uniform(0.1, 0.4, 72).astype(np.float32)).eval() for _ in range(3)]
        made = ndvi_model.Model(nets)
        made.temperature = 1.7
        ndvi = rng.uniform(0, 0.9, (5, 36)).astype(np.float32)
        w = {v.name: numpy_helper.to_array(v) for v in ndvi_model.onnx_of(made).graph.initializer}
        h = ndvi_model.flat(ndvi)
        for i in (1, 2, 3):
            h = h @ w[f"w{i}"] + w[f"b{i}"]
            h = np.maximum(h, 0) if i < 3 else h
        p = np.exp(h) / np.exp(h).sum(axis=1, keepdims=True)
        np.testing.assert_allclose(p, made.probability(ndvi), atol=2e-6)
        self.assertEqual(p.shape, (5, len(CLASSES)))

    def test_disturbed_keeps_enough_dates(self):
        rng = np.random.default_rng(1)
        ndvi = np.where(rng.random((300, 36)) < 0.5, 0.4, np.nan).astype(np.float32)
        out = ndvi_model.disturbed(ndvi, rng)
        self.assertGreaterEqual(np.isfinite(out).sum(axis=1).min(), ndvi_data.LEAST_DATES)
        self.assertTrue(0.3 < (np.nan_to_num(out, nan=9) == np.nan_to_num(ndvi, nan=9)).all(axis=1).mean() < 0.7)


if __name__ == "__main__":
    unittest.main()
