"""The exported graphs, run by a small interpreter written here, give what PyTorch gives."""
import unittest

import numpy as np
import torch
from onnx import numpy_helper

import crop_export
import crop_networks
from crop_data import CLASSES
from crop_networks import CropCNN, CropSmall


def attributes(node):
    return {a.name: (list(a.ints) if a.ints else a.i if a.type == 2 else a.f) for a in node.attribute}


def conv(x, w, b, pads):
    x = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[1])))
    at = np.stack([x[:, :, k:k + x.shape[2] - w.shape[2] + 1] for k in range(w.shape[2])], axis=-1)
    return np.einsum("nctk,ock->not", at, w) + b[:, None]


def interpret(made, series):
    """Straight numpy; reduces, pools and slices only as these graphs do."""
    v = {i.name: numpy_helper.to_array(i) for i in made.graph.initializer}
    v["series"] = series
    for node in made.graph.node:
        a, x = attributes(node), [v[i] for i in node.input]
        v[node.output[0]] = {
            "Conv": lambda: conv(x[0], x[1], x[2], a["pads"]),
            "Relu": lambda: np.maximum(x[0], 0),
            "Slice": lambda: x[0][:, int(x[1][0]):int(x[2][0])],
            "Mul": lambda: x[0] * x[1], "Add": lambda: x[0] + x[1], "Div": lambda: x[0] / x[1],
            "ReduceSum": lambda: x[0].sum(axis=tuple(a["axes"])),
            "AveragePool": lambda: x[0].reshape(*x[0].shape[:2], -1, 3).mean(axis=3),
            "Flatten": lambda: x[0].reshape(len(x[0]), -1),
            "Concat": lambda: np.concatenate(x, axis=1),
            "Gemm": lambda: x[0] @ x[1] + x[2],
            "Softmax": lambda: crop_networks.softmax(x[0]),
        }[node.op_type]()
    return v["probabilities"]


class Export(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(5)
        rng = np.random.default_rng(5)
        self.x = rng.uniform(0, 0.6, (6, 13, 36)).astype(np.float32)
        self.x[:, 12] = rng.random((6, 36)) < 0.4
        self.x[0] = 0

    def check(self, network, made, shape):
        temperature = 1.7
        network.out.weight.data *= 20  # fresh networks say almost the same to everything
        with torch.no_grad():
            want = crop_networks.softmax(network(torch.from_numpy(self.x)).numpy() / temperature)
        got = interpret(made(network, temperature), self.x.reshape(6, *shape))
        np.testing.assert_allclose(got, want, atol=1e-5)
        np.testing.assert_allclose(got.sum(axis=1), 1, atol=1e-5)
        self.assertGreater(np.ptp(got, axis=0).max(), 1e-3)  # the input matters

    def test_convolution_net_with_folded_batch_norm(self):
        network = CropCNN(np.linspace(0.5, 2, 13))
        network.train()
        for _ in range(3):  # running statistics other than 0 and 1
            network(torch.from_numpy(self.x))
        self.check(network.eval(), crop_export.cnn, (13, 36))

    def test_small_net_with_folded_scaling(self):
        network = CropSmall(np.linspace(-1, 1, 468), np.linspace(0.1, 2, 468)).eval()
        self.check(network, crop_export.small, (468,))

    def test_small_net_uses_only_what_onnx_go_knows(self):
        network = CropSmall(np.zeros(468), np.ones(468)).eval()
        self.assertEqual(crop_export.operators(crop_export.small(network, 1.0)), ["Gemm", "Relu", "Softmax"])

    def test_temperature_cools_an_overconfident_net(self):
        rng = np.random.default_rng(1)
        labels = rng.integers(0, len(CLASSES), 4000)
        z = rng.normal(0, 1, (4000, len(CLASSES)))
        z[np.arange(4000), labels] += 2.0
        # these logits are calibrated as they are (equal-variance Gaussians: true logit = 2 z); scaled by 3 they need T = 3/2
        self.assertAlmostEqual(crop_networks.temperature(z * 3, labels), 1.5, delta=0.1)


if __name__ == "__main__":
    unittest.main()
