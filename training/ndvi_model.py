"""crop-ndvi: a few dense nets averaged into one file of Gemm, Relu and Softmax, and the forest beside it."""
import numpy as np
import torch
from onnx import helper
from sklearn.ensemble import RandomForestClassifier
from torch import nn
from torch.nn import functional as F

from crop_export import model, number
from crop_networks import softmax, temperature
from ndvi_data import CLASSES, LEAST_DATES, features

NETS, EPOCHS, BATCH, COPIES = 4, 60, 128, 16
BALANCE = 0.1   # classes are drawn by count^-BALANCE
PLAIN = 0.5     # share of the copies that are shown as they are
WIDTH = 72


def disturbed(ndvi, rng):
    """A copy of the series: half of them cut (as at mid-season or by a late start), thinned, shifted by a dekad at most, scaled, made noisy.

    Sentinel-2 sees other dates, and other values, than the coarse composites of the survey; and the nets must not know a region by the dates it lacks.
    """
    n, t = len(ndvi), np.arange(36)
    at = t - rng.integers(-1, 2, n)[:, None]
    x = np.where((at >= 0) & (at < 36), ndvi[np.arange(n)[:, None], np.clip(at, 0, 35)], np.nan)
    cut = rng.random(n) < 0.4
    first, last = np.where(cut, rng.integers(0, 16, n), 0), np.where(cut, rng.integers(18, 37, n), 36)
    x = np.where((t >= first[:, None]) & (t < last[:, None]), x, np.nan)
    share = np.where(rng.random(n) < 0.5, rng.uniform(0.4, 1, n), 1)
    x = np.where(rng.random((n, 36)) < share[:, None], x, np.nan)
    x = x * rng.normal(1, 0.05, (n, 1)) + rng.normal(0, 0.01, (n, 1)) + rng.normal(0, 0.01, x.shape)
    plain = (rng.random(n) < PLAIN) | (np.isfinite(x).sum(axis=1) < LEAST_DATES)
    return np.where(plain[:, None], ndvi, x).astype(np.float32)


class Net(nn.Module):
    def __init__(self, mean, std, wide=128, narrow=64):
        super().__init__()
        self.register_buffer("mean", torch.as_tensor(mean))
        self.register_buffer("std", torch.as_tensor(std))
        self.first, self.second, self.out = nn.Linear(WIDTH, wide), nn.Linear(wide, narrow), nn.Linear(narrow, len(CLASSES))
        self.drop = nn.Dropout(0.15)

    def forward(self, x):
        h = self.drop(F.relu(self.first((x - self.mean) / self.std)))
        return self.out(self.drop(F.relu(self.second(h))))


def flat(ndvi):
    return features(ndvi).reshape(len(ndvi), -1)


def train(rows, seed):
    """One net, in eval mode."""
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    pool = np.stack([flat(disturbed(rows.ndvi, rng)) for _ in range(COPIES)])
    every = pool.reshape(-1, WIDTH)
    net = Net(every.mean(axis=0), np.maximum(every.std(axis=0), 0.05))
    chance = np.bincount(rows.label)[rows.label] ** -BALANCE
    whole = len(rows) // BATCH
    optimizer = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, pct_start=0.15, total_steps=EPOCHS * whole)
    net.train()
    for _ in range(EPOCHS):
        for at in rng.choice(len(rows), (whole, BATCH), p=chance / chance.sum()):
            x = pool[rng.integers(0, COPIES, BATCH), at]
            loss = F.cross_entropy(net(torch.from_numpy(x)), torch.from_numpy(rows.label[at]), label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return net.eval()


class Model:
    """The mean of the nets' logits over a temperature."""

    def __init__(self, nets):
        self.nets, self.temperature = nets, 1.0

    def logits(self, ndvi):
        with torch.no_grad():
            x = torch.from_numpy(flat(ndvi))
            return np.mean([n(x).numpy() for n in self.nets], axis=0)

    def probability(self, ndvi):
        return softmax(self.logits(ndvi) / self.temperature)

    def calibrate(self, rows):
        self.temperature = temperature(self.logits(rows.ndvi), rows.label)


def build(rows, fold, seed):
    made = Model([train(rows.take(fold.train), seed + k) for k in range(NETS)])
    made.calibrate(rows.take(fold.calibrate))
    return made


def forest(rows, fold, judged, seed):
    """What a forest of 500 full trees says, after the same rows and the same input, of each table of NDVI series."""
    made = RandomForestClassifier(500, n_jobs=1, random_state=seed).fit(flat(rows.ndvi[fold.train]), rows.label[fold.train])
    out = [np.zeros((len(ndvi), len(CLASSES))) for ndvi in judged]
    for p, ndvi in zip(out, judged):
        p[:, made.classes_] = made.predict_proba(flat(ndvi))
    return out


def onnx_of(made):
    """One file: the nets side by side (blocks in the second layer), their logits' mean, the temperature and the scaling inside."""
    parts = {"first": [], "second": [], "out": []}
    for net in made.nets:
        for name, all_of in parts.items():
            layer = getattr(net, name)
            all_of.append((layer.weight.detach().numpy().astype(np.float64), layer.bias.detach().numpy().astype(np.float64)))
        mean, std = net.mean.numpy().astype(np.float64), net.std.numpy().astype(np.float64)
        w, b = parts["first"][-1]
        parts["first"][-1] = (w / std, b - (w / std) @ mean)
    share = 1 / (len(made.nets) * made.temperature)
    second = [w for w, _ in parts["second"]]
    blocks = np.zeros((sum(w.shape[0] for w in second), sum(w.shape[1] for w in second)))
    r = c = 0
    for w in second:
        blocks[r:r + w.shape[0], c:c + w.shape[1]] = w
        r, c = r + w.shape[0], c + w.shape[1]
    layers = [(np.concatenate([w for w, _ in parts["first"]]), np.concatenate([b for _, b in parts["first"]])),
              (blocks, np.concatenate([b for _, b in parts["second"]])),
              (np.concatenate([w for w, _ in parts["out"]], axis=1) * share, sum(b for _, b in parts["out"]) * share)]
    nodes, values, at = [], [], "series"
    for i, (w, b) in enumerate(layers, 1):
        values += [number(f"w{i}", w.T), number(f"b{i}", b)]
        nodes.append(helper.make_node("Gemm", [at, f"w{i}", f"b{i}"], [f"g{i}"], alpha=1.0, beta=1.0))
        at = f"g{i}"
        if i < len(layers):
            nodes.append(helper.make_node("Relu", [at], [f"r{i}"]))
            at = f"r{i}"
    nodes.append(helper.make_node("Softmax", [at], ["probabilities"], axis=1))
    return model("crop-ndvi", nodes, values, [WIDTH], len(CLASSES))
