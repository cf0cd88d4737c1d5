"""The exported graphs give what PyTorch and scikit-learn give.

The dense network and the forest are run by small interpreters written here; the whole
graph of crop is held to PyTorch's numbers by the Go tests, on models/testdata/crop_features.json.
"""
import unittest

import numpy as np
import torch
from onnx import numpy_helper
from sklearn.ensemble import RandomForestClassifier

import crop_ensemble
import crop_export
import crop_familiar
import crop_networks
from crop_codes import CLASSES
from crop_networks import COUNT, FLAT, CropCNN, CropSmall


def interpret(made, series):
    """Gemm, Relu and Softmax in numpy."""
    v = {i.name: numpy_helper.to_array(i) for i in made.graph.initializer}
    v["series"] = series
    for node in made.graph.node:
        x = [v[i] for i in node.input]
        v[node.output[0]] = {"Relu": lambda: np.maximum(x[0], 0), "Gemm": lambda: x[0] @ x[1] + x[2],
                             "Softmax": lambda: crop_networks.softmax(x[0])}[node.op_type]()
    return v["probabilities"]


def walk(node, x):
    """A TreeEnsembleRegressor, as the ONNX standard tells it: x <= value goes to the true branch, leaves add their weights."""
    a = {k.name: list(k.ints) or list(k.floats) or [s.decode() for s in k.strings] for k in node.attribute}
    at = {(t, n): i for i, (t, n) in enumerate(zip(a["nodes_treeids"], a["nodes_nodeids"]))}
    leaves = {}
    for t, n, c, w in zip(a["target_treeids"], a["target_nodeids"], a["target_ids"], a["target_weights"]):
        leaves.setdefault((t, n), []).append((c, w))
    out = np.zeros((len(x), COUNT))
    for row, values in zip(out, x.astype(np.float32)):
        for t in sorted(set(a["nodes_treeids"])):
            n = 0
            while a["nodes_modes"][at[t, n]] != "LEAF":
                i = at[t, n]
                right = values[a["nodes_featureids"][i]] <= np.float32(a["nodes_values"][i])
                n = a["nodes_truenodeids"][i] if right else a["nodes_falsenodeids"][i]
            for c, w in leaves[t, n]:
                row[c] += w
    return out


class Export(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(5)
        rng = np.random.default_rng(5)
        self.x = rng.uniform(0, 0.6, (300, 16, 36)).astype(np.float32)
        self.x[:, 12] = rng.random((300, 36)) < 0.4
        self.labels = rng.integers(0, COUNT, 300)
        self.x[np.arange(300), 6, self.labels % 36] += 1  # something to learn

    def test_small_net_with_folded_scaling(self):
        network = CropSmall(np.linspace(-1, 1, FLAT), np.linspace(0.1, 2, FLAT)).eval()
        network.out.weight.data *= 20  # fresh networks say almost the same to everything
        want = crop_networks.softmax(crop_networks.in_parts(network, self.x) / 1.7)
        made = crop_export.small(network, 1.7)
        got = interpret(made, self.x.reshape(300, FLAT))
        np.testing.assert_allclose(got, want, atol=1e-5)
        self.assertGreater(np.ptp(got, axis=0).max(), 1e-3)  # the input matters
        self.assertEqual(crop_export.operators(made), ["Gemm", "Relu", "Softmax"])  # what onnx-go knows

    def test_the_exported_forest_is_the_pruned_one(self):
        flat = self.x.reshape(300, FLAT)
        forest = RandomForestClassifier(5, max_leaf_nodes=40, random_state=1).fit(flat, self.labels)
        forest = crop_export.prune(forest)
        got = walk(crop_export.trees(forest, "a", "b"), flat[:60])
        np.testing.assert_allclose(got, crop_ensemble.spread(forest, flat[:60]), atol=1e-6)
        np.testing.assert_allclose(got.sum(axis=1), 1, atol=1e-5)

    def test_thresholds_split_as_scikit_learn_splits(self):
        for t in (0.1, 1 / 3, 2.0, -0.7):
            f = crop_export.below(np.array([t]))[0]
            self.assertLessEqual(float(f), t)
            self.assertGreater(float(np.nextafter(f, np.float32(9))), t)

    def test_the_whole_model_exports(self):
        forest = crop_export.prune(crop_ensemble.compact_forest(self.x, self.labels, 1))
        made = crop_ensemble.Ensemble([CropCNN().eval(), CropCNN().eval()], forest)
        inner, season, disagreement = made.signs(self.x)
        made.familiar = crop_familiar.Familiar(inner, season, 1)
        made.familiar.fit_rank(inner, season, disagreement)
        graph = crop_export.full(made)  # checked by onnx.checker
        self.assertEqual(graph.graph.output[0].type.tensor_type.shape.dim[1].dim_value, len(CLASSES) + 1)
        p = made.probability(self.x)
        np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-6)

    def test_temperature_cools_an_overconfident_net(self):
        rng = np.random.default_rng(1)
        labels = rng.integers(0, COUNT, 4000)
        z = rng.normal(0, 1, (4000, COUNT))
        z[np.arange(4000), labels] += 2.0
        # these logits are calibrated as they are (equal-variance Gaussians: true logit = 2 z); scaled by 3 they need T = 3/2
        self.assertAlmostEqual(crop_networks.temperature(z * 3, labels), 1.5, delta=0.1)


if __name__ == "__main__":
    unittest.main()
