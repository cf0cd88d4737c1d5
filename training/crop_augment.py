"""Training samples as the field will show them: cut, thinned, shifted, noisy, mixed.

Copies are made once and shared by all trainings: a row is mixed only with rows of its
own region and its own side of the split, so a copy may serve wherever the row may.
All draws come from one numpy Generator, so a seed gives one set of copies.
"""
import numpy as np

from crop_cycles import MARGIN
from crop_features import fill, series

B08, B8A = 6, 7


def extended(cube):
    """A value on every dekad: linear between observations, the nearest one outside."""
    values, _, span = fill(cube)
    first, last = span.argmax(axis=1), span.shape[1] - 1 - span[:, ::-1].argmax(axis=1)
    t = np.clip(np.arange(span.shape[1]), first[:, None], last[:, None])
    return values[np.arange(len(cube))[:, None], t]


class Augmenter:
    """group: rows of one group may be mixed; monthly: rows whose set is monthly."""

    def __init__(self, rows, samples, group, rng):
        self.rows, self.samples, self.rng = rows, samples, rng
        self.filled, self.radar = extended(rows.refl), extended(rows.radar)
        self.observed = np.isfinite(rows.refl).all(axis=2)
        self.radar_observed = np.isfinite(rows.radar).all(axis=2)
        self.sparse = np.isin(rows.source, ("CAN", "GLO", "AFR"))
        self.mates = self.neighbours(np.array([f"{g}/{c}" for g, c in zip(group[samples.row], samples.label)]))
        self.others = self.neighbours(group[samples.row].astype(str))

    def neighbours(self, key):
        """For each sample the place of its group in one sorted order: [samples], first, count."""
        order = np.argsort(key, kind="stable")
        _, first, inverse, count = np.unique(key[order], return_index=True, return_inverse=True, return_counts=True)
        start, size = np.empty(len(key), int), np.empty(len(key), int)
        start[order], size[order] = first[inverse], count[inverse]
        return order, start, size

    def one_of(self, neighbours, index):
        order, start, size = neighbours
        return order[start[index] + np.floor(self.rng.random(len(index)) * size[index]).astype(int)]

    def batch(self, index):
        """Features [b][16][36] of samples[index], augmented."""
        rng, s = self.rng, self.samples.take(index)
        n = len(index)
        inside = self.window(s)
        observed = self.thin(self.densify(self.observed[s.row] & inside, self.sparse[s.row]))
        echoes = self.thin(self.densify(self.radar_observed[s.row] & inside, self.sparse[s.row]))
        values, radar = self.mix(index)
        values = self.disturb(values, n)
        radar = radar + rng.normal(0, 0.5, (n, 1, 2)) + rng.normal(0, 0.4, radar.shape)
        move = np.where(rng.random(n) < 0.33, rng.integers(-5, 6, n), rng.integers(-2, 3, n))
        return series(self.shift(values, observed, move), self.shift(radar.astype(np.float32), echoes, move))

    def window(self, s):
        """The cycle with jittered edges, or the whole year; sometimes ended early (mid-season)."""
        rng, n = self.rng, len(s)
        start = s.start - MARGIN + rng.integers(-3, 3, n)
        end = s.end + MARGIN + rng.integers(-2, 4, n)
        whole = rng.random(n) < np.where(s.whole, 0.5, 0.0)
        start, end = np.where(whole, 0, start), np.where(whole, 35, end)
        part = s.perennial & ~whole & (rng.random(n) < 0.5)  # a perennial seen through one flush only
        start = np.where(part, rng.integers(0, 18, n), start)
        end = np.where(part, start + rng.integers(10, 26, n), end)
        early = rng.random(n) < 0.3
        low = np.maximum(start, 0) + np.where(whole, 10, 4)
        stop = low + np.floor(rng.random(n) * np.maximum(np.minimum(end, 35) - low, 1)).astype(int)
        end = np.where(early, stop, end)
        t = np.arange(36)
        return (t >= start[:, None]) & (t <= end[:, None])

    def densify(self, observed, sparse):
        """Monthly sets must not be known by their sparseness: interpolated dekads count as seen in most of them."""
        rng, n = self.rng, len(observed)
        first = np.where(observed.any(axis=1), observed.argmax(axis=1), 36)
        last = 35 - observed[:, ::-1].argmax(axis=1)
        t = np.arange(36)
        inside = (t >= first[:, None]) & (t <= last[:, None])
        extra = inside & (rng.random((n, 36)) < rng.uniform(0.3, 1.0, (n, 1)))
        chosen = (rng.random(n) < np.where(sparse, 0.7, 0.1))[:, None]
        return observed | (extra & chosen)

    def thin(self, observed):
        """Drop dates: most rows lose some, up to four fifths; some keep one dekad a month."""
        rng, n = self.rng, len(observed)
        keep = np.where(rng.random(n) < 0.8, rng.uniform(0.2, 1.0, n), 1.0)
        out = observed & (rng.random((n, 36)) < keep[:, None])
        monthly = (rng.random(n) < 0.15)[:, None]
        phase = rng.integers(0, 3, n)[:, None]
        out = np.where(monthly, observed & (np.arange(36) % 3 == phase), out)
        enough = out.sum(axis=1) >= 3
        return np.where(enough[:, None], out, observed)

    def mix(self, index):
        """Mean with a row of the same class (a plot is many pixels); a fifth at most of any other row (edges)."""
        rng, n = self.rng, len(index)
        row = self.samples.row[index]
        values, radar = self.filled[row], self.radar[row]
        for neighbours, chance, most in ((self.mates, 0.25, 0.5), (self.others, 0.12, 0.2)):
            mate = self.samples.row[self.one_of(neighbours, index)]
            share = np.where(rng.random(n) < chance, rng.uniform(0, most, n), 0)[:, None, None].astype(np.float32)
            values = values * (1 - share) + self.filled[mate] * share
            heard = self.radar_observed[mate].any(axis=1)[:, None, None]
            radar = np.where(heard, radar * (1 - share) + self.radar[mate] * share, radar)
        return values, radar

    def disturb(self, values, n):
        """Scale, offset and noise of the size of atmospheric residue; B8A sometimes only a copy of B08."""
        rng = self.rng
        copy = rng.random(n) < 0.25
        values[copy, :, B8A] = values[copy, :, B08]
        values[:, :, B8A] *= np.exp(rng.normal(0, 0.015, (n, 1)))
        values *= np.exp(rng.normal(0, 0.04, (n, 1, 1)) + rng.normal(0, 0.03, (n, 1, 10)))
        values += rng.normal(0, 0.004, (n, 1, 1)) + rng.normal(0, 0.004, values.shape)
        values *= np.exp(rng.normal(0, 0.03, values.shape))
        return np.clip(values, 0.001, 1.2).astype(np.float32)

    def shift(self, values, observed, move):
        """Two dekads earlier or later, in a third of the draws up to five (a crop sown after another); what leaves the year is lost."""
        source = np.arange(36) - move[:, None]
        inside = (source >= 0) & (source < 36)
        row, at = np.arange(len(move))[:, None], np.clip(source, 0, 35)
        seen = observed[row, at] & inside
        return np.where(seen[..., None], values[row, at], np.nan)
