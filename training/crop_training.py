"""Copies of the samples, made once, and how a network learns from them."""
import os

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from crop_augment import Augmenter
from crop_codes import CLASSES
from crop_features import OBSERVED, RADAR_OBSERVED
from crop_networks import new_network

COPIES, BATCH = 24, 256
TEACHING = 0.7      # share of the teacher's word in a pupil's loss
GIVEN_RADAR = 0.25  # share of rows without radar that get that of another row, so that radar is no sign of a region
NO_RADAR, ONLY_RADAR = 0.5, 0.1
BALANCE = 0.25      # classes are drawn by count^-BALANCE


def copies(path, rows, samples, group, seed, number=COPIES):
    """float16 [number][samples][16][36] of augmented features, in a file that is mapped, not read."""
    if not os.path.exists(path):
        rng = np.random.default_rng(seed)
        augmenter = Augmenter(rows, samples, group, rng)
        out = np.lib.format.open_memmap(path + ".part", mode="w+", dtype=np.float16, shape=(number, len(samples), 16, 36))
        for k in range(number):
            for i in range(0, len(samples), 4096):
                index = np.arange(i, min(i + 4096, len(samples)))
                out[k, index] = augmenter.batch(index)
        out.flush()
        del out
        os.replace(path + ".part", path)
    return np.load(path, mmap_mode="r")


class Batches:
    """Draws batches of the samples at index from the copies; seeded."""

    def __init__(self, pool, labels, weights, index, seed):
        self.pool, self.labels, self.index = pool, labels, index
        self.rng = np.random.default_rng(seed)
        count = np.bincount(labels[index], minlength=len(CLASSES))
        chance = weights[index] * count[labels[index]] ** -BALANCE
        self.chance = chance / chance.sum()
        self.heard = pool[0, index, RADAR_OBSERVED].max(axis=1) > 0
        for k in range(1, len(pool)):
            self.heard |= pool[k, index, RADAR_OBSERVED].max(axis=1) > 0
        givers = index[self.heard]
        self.givers = {c: givers[labels[givers] == c] for c in range(len(CLASSES))}
        self.any_giver = givers

    def epoch(self):
        """Places in index, in batches."""
        whole = len(self.index) // BATCH * BATCH
        return self.rng.choice(len(self.index), size=whole, p=self.chance).reshape(-1, BATCH)

    def features(self, at):
        rng, n = self.rng, len(at)
        copy = rng.integers(0, len(self.pool), n)
        x = self.pool[copy, self.index[at]].astype(np.float32)
        for i in np.flatnonzero(~self.heard[at] & (rng.random(n) < GIVEN_RADAR)):
            of_class = self.givers[self.labels[self.index[at[i]]]]
            from_all = of_class if len(of_class) >= 5 else self.any_giver
            if len(from_all):
                x[i, OBSERVED + 1:] = self.pool[copy[i], from_all[rng.integers(len(from_all))], OBSERVED + 1:]
        x[rng.random(n) < NO_RADAR, OBSERVED + 1:] = 0
        alone = (x[:, RADAR_OBSERVED].max(axis=1) > 0) & (rng.random(n) < ONLY_RADAR)
        x[alone, :OBSERVED + 1] = 0
        return x


def train(kind, batches, epochs, seed, teacher=None, network=None, rate=3e-3, log=None):
    """Returns the trained network (eval mode).

    With a teacher (features -> probabilities), its word is learnt beside the labels: the
    small network then errs where the large one does. With a network, that one is trained on.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    if network is None:
        network = new_network(kind, batches.features(np.arange(len(batches.index))) if kind == "small" else None)
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=2e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=rate, pct_start=0.15,
                                                   total_steps=epochs * (len(batches.index) // BATCH))
    network.train()
    for epoch in range(epochs):
        total = 0.0
        drawn = batches.epoch()
        for at in drawn:
            x = batches.features(at)
            z = network(torch.from_numpy(x))
            labels = torch.from_numpy(batches.labels[batches.index[at]])
            loss = F.cross_entropy(z, labels, label_smoothing=0.05)
            if teacher is not None:
                loss = (1 - TEACHING) * loss + TEACHING * F.cross_entropy(z, torch.from_numpy(teacher(x).astype(np.float32)))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        if log and (epoch % 10 == 9 or epoch == epochs - 1):
            log(f"  {kind} epoch {epoch + 1}/{epochs}: loss {total / max(len(drawn), 1):.3f}")
    return network.eval()
