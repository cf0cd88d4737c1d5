"""The two networks and how they are trained.

CropCNN is a temporal convolution net (for ONNX Runtime); CropSmall is Gemm and
Relu only (for onnx-go too). Both take raw features: scaling is inside.
"""
import numpy as np
import torch
from torch import nn

from crop_data import CLASSES

CHANNELS, STEPS, COUNT = 13, 36, len(CLASSES)


class CropCNN(nn.Module):
    """Three temporal convolutions; then what was seen when (flattened, by thirds of the year's months)
    and what was seen at all (mean over the observed dekads only)."""

    def __init__(self, scale, width=64, hidden=128):
        super().__init__()
        self.register_buffer("scale", torch.as_tensor(scale, dtype=torch.float32).reshape(1, CHANNELS, 1))
        layers, before = [], CHANNELS
        for size in (7, 5, 5):
            layers += [nn.Conv1d(before, width, size, padding=size // 2), nn.BatchNorm1d(width), nn.ReLU()]
            before = width
        self.convolve = nn.Sequential(*layers)
        self.pool = nn.AvgPool1d(3)
        self.drop = nn.Dropout(0.3)
        self.hidden = nn.Linear(width * (STEPS // 3) + width, hidden)
        self.out = nn.Linear(hidden, COUNT)

    def forward(self, x):
        mask = x[:, CHANNELS - 1:CHANNELS]
        h = self.convolve(x * self.scale)
        seen = (h * mask).sum(dim=2) / (mask.sum(dim=2) + 1e-3)
        h = torch.cat([self.pool(h).flatten(1), seen], dim=1)
        return self.out(self.drop(torch.relu(self.hidden(self.drop(h)))))


class CropSmall(nn.Module):
    def __init__(self, mean, std, wide=256, narrow=96):
        super().__init__()
        self.register_buffer("mean", torch.as_tensor(mean, dtype=torch.float32).reshape(1, -1))
        self.register_buffer("std", torch.as_tensor(std, dtype=torch.float32).reshape(1, -1))
        self.first = nn.Linear(CHANNELS * STEPS, wide)
        self.second = nn.Linear(wide, narrow)
        self.out = nn.Linear(narrow, COUNT)
        self.drop = nn.Dropout(0.15)

    def forward(self, x):
        h = (x.flatten(1) - self.mean) / self.std
        h = self.drop(torch.relu(self.first(h)))
        return self.out(torch.relu(self.second(self.drop(h))))


def new_network(kind, features):
    """features: a large sample of training features, for the scaling."""
    if kind == "crop":
        inside = features[features[:, 8] > 0] if features.ndim == 2 else features.transpose(0, 2, 1)[features[:, 8] > 0]
        return CropCNN(1 / np.maximum(inside.std(axis=0), 0.02) * 0.5)
    flat = features.reshape(len(features), -1)
    return CropSmall(flat.mean(axis=0), np.maximum(flat.std(axis=0), 0.05))


TEACHING = 0.7  # share of the teacher's word in a pupil's loss


def train(kind, augmenter, labels, weights, epochs, seed, teacher=None, log=print):
    """Returns the trained network (eval mode). weights: chance of a sample to be drawn.

    With a teacher (a trained network), its probabilities are learnt beside the
    labels: the small network then errs where the large one does.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    n, size = len(labels), 128
    chance = weights / weights.sum()
    network = new_network(kind, augmenter.batch(np.arange(n)))
    steps = epochs * (n // size)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=3e-3, total_steps=steps, pct_start=0.15)
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.03)
    network.train()
    for epoch in range(epochs):
        total, drawn = 0.0, rng.choice(n, size=(n // size) * size, p=chance)
        for index in drawn.reshape(-1, size):
            x = torch.from_numpy(augmenter.batch(index))
            z = network(x)
            loss = loss_of(z, torch.from_numpy(labels[index]))
            if teacher is not None:
                with torch.no_grad():
                    said = torch.softmax(teacher(x), dim=1)
                loss = (1 - TEACHING) * loss + TEACHING * nn.functional.cross_entropy(z, said)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        if epoch % 5 == 4 or epoch == epochs - 1:
            log(f"  {kind} epoch {epoch + 1}/{epochs}: loss {total / (n // size):.3f}")
    return network.eval()


def logits(network, features, size=1024):
    with torch.no_grad():
        return np.concatenate([network(torch.from_numpy(features[i:i + size])).numpy()
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
