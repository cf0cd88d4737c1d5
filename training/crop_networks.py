"""The parts of the crop networks, in PyTorch.

All take the raw input of crop_features.py: scaling and derived channels are inside.
"""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from crop_codes import CLASSES
from crop_features import CHANNELS

COUNT, STEPS, FLAT = len(CLASSES), 36, len(CHANNELS) * 36
B02, B03, B04, B05, B06, B07, B08, B8A, B11, B12 = range(10)
PAIRS = [(B8A, B05), (B03, B11), (B11, B12), (B03, B02), (B04, B03), (B06, B05)]  # normalised differences beside NDVI, LSWI


class Derive(nn.Module):
    """[b][16][36] to [b][WIDE][36]: bands, brightness, bands over brightness (light and haze fall out), indices, radar, span."""

    WIDE = 10 + 1 + 10 + 2 + len(PAIRS) + 1 + 2 + 1 + 1

    def forward(self, x):
        bands = x[:, :10]
        span = (bands.sum(1, keepdim=True) > 0).float()
        mean = bands.mean(1, keepdim=True)
        shape = bands / (mean + 1e-3) * span
        first = torch.cat([bands[:, i:i + 1] for i, _ in PAIRS], 1)
        second = torch.cat([bands[:, j:j + 1] for _, j in PAIRS], 1)
        index = (first - second) / (first + second + 1e-3)
        return torch.cat([bands * 4, mean * 4, shape * 0.5, x[:, 10:12] * 2, index * 2, x[:, 12:13], x[:, 13:15], x[:, 15:16], span], 1)


class Seasons(nn.Module):
    """What the forest sees: every derived channel in 18 steps of two dekads, and its mean, spread, largest and smallest in the span."""

    def __init__(self):
        super().__init__()
        self.derive = Derive()

    def forward(self, x):
        d = self.derive(x)
        span = d[:, -1:]
        n = span.sum(2) + 1e-3
        mean = (d * span).sum(2) / n
        spread = torch.sqrt((((d - mean.unsqueeze(2)) ** 2) * span).sum(2) / n + 1e-4)
        most = (d * span - 10 * (1 - span)).amax(2)
        least = (d * span + 10 * (1 - span)).amin(2)
        return torch.cat([F.avg_pool1d(d, 2).flatten(1), mean, spread, most, least], 1)


class CropCNN(nn.Module):
    """Three temporal convolutions; what was seen when (flattened), on the whole (mean) and at its strongest (maximum)."""

    def __init__(self, width=64, hidden=128):
        super().__init__()
        self.derive = Derive()
        layers, before, steps = [], Derive.WIDE, STEPS
        for size, stride in ((7, 1), (5, 2), (5, 2)):
            layers += [nn.Conv1d(before, width, size, padding=size // 2, stride=stride), nn.BatchNorm1d(width), nn.ReLU()]
            before, steps = width, -(-steps // stride)
        self.convolve = nn.Sequential(*layers)
        self.drop = nn.Dropout(0.3)
        self.hidden = nn.Linear(width * (steps + 2), hidden)
        self.out = nn.Linear(hidden, COUNT)

    def inner(self, x):
        h = self.convolve(self.derive(x))
        return F.relu(self.hidden(self.drop(torch.cat([h.flatten(1), h.mean(2), h.amax(2)], 1))))

    def forward(self, x):
        return self.out(self.drop(self.inner(x)))


class CropSmall(nn.Module):
    """Dense layers only, on [b][576]."""

    def __init__(self, mean, std, wide=256, narrow=96):
        super().__init__()
        self.register_buffer("mean", torch.as_tensor(mean, dtype=torch.float32).reshape(1, -1))
        self.register_buffer("std", torch.as_tensor(std, dtype=torch.float32).reshape(1, -1))
        self.first = nn.Linear(FLAT, wide)
        self.second = nn.Linear(wide, narrow)
        self.out = nn.Linear(narrow, COUNT)
        self.drop = nn.Dropout(0.15)

    def forward(self, x):
        h = (x.flatten(1) - self.mean) / self.std
        h = self.drop(F.relu(self.first(h)))
        return self.out(F.relu(self.second(self.drop(h))))


def new_network(kind, features):
    """features: a large sample of training features, for the scaling of the small network."""
    if kind == "small":
        flat = features.reshape(len(features), -1)
        return CropSmall(flat.mean(axis=0), np.maximum(flat.std(axis=0), 0.05))
    return CropCNN()


def in_parts(f, features, size=2048):
    """f of a tensor, over features in parts, as one array."""
    with torch.no_grad():
        return np.concatenate([f(torch.from_numpy(np.ascontiguousarray(features[i:i + size]))).numpy()
                               for i in range(0, len(features), size)])


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def temperature(z, labels):
    """The temperature with the least negative log likelihood on validation logits, by golden section."""
    def nll(log_t):
        return -np.log(softmax(z / np.exp(log_t))[np.arange(len(labels)), labels] + 1e-12).mean()
    a, b, g = np.log(0.3), np.log(5.0), (5**0.5 - 1) / 2
    while b - a > 1e-4:
        c, d = b - g * (b - a), a + g * (b - a)
        a, b = (a, d) if nll(c) < nll(d) else (c, b)
    return float(np.exp((a + b) / 2))
