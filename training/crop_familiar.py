"""How familiar a series is: three signs of strangeness in one rank.

1. its distance from the nearest of the prototypes of the training series in the inner layer of the first network,
2. the same in the season's statistics (what the forest sees),
3. how far the networks and the forest disagree (total variation).

Each in units of its spread among known series; their sum is turned into a rank: the share of
in-domain validation series that are stranger. 1 = in the middle of what was seen, 0 = stranger
than all. A series from an unseen block of a known region has a rank below 0.05 in one case of twenty.
"""
import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import PCA

KNOTS, PROTOTYPES, PARTS = 21, 300, 32


class Space:
    """Principal parts of some features and prototypes there. project [d][k], shift [k], prototypes [p][k], all float32."""

    def __init__(self, features, seed):
        middle, scale = features.mean(axis=0), features.std(axis=0) + 0.05
        parts = PCA(PARTS, random_state=seed).fit((features - middle) / scale)
        self.project = (parts.components_ / scale).T.astype(np.float32)
        self.shift = ((middle + scale * parts.mean_) @ self.project).astype(np.float32)
        clusters = MiniBatchKMeans(PROTOTYPES, random_state=seed, n_init=1).fit(self.place(features))
        self.prototypes = clusters.cluster_centers_.astype(np.float32)

    def place(self, features):
        return features @ self.project - self.shift

    def distance(self, features):
        out = np.empty(len(features))
        for i in range(0, len(features), 512):
            apart = self.place(features[i:i + 512])[:, None] - self.prototypes
            out[i:i + 512] = np.sqrt((apart**2).sum(axis=2).min(axis=1))
        return out


class Familiar:
    """Fitted on signs of training series; see Ensemble.signs for what a row of them is."""

    def __init__(self, inner, season, seed):
        self.inner, self.season = Space(inner, seed), Space(season, seed)
        self.scale, self.knots = None, None

    def strangeness(self, inner, season, disagreement):
        return (self.inner.distance(inner) * self.scale[0] + self.season.distance(season) * self.scale[1]
                + disagreement * self.scale[2])

    def fit_rank(self, inner, season, disagreement):
        """Scale and knots from series of the same regions that were not trained on."""
        self.scale = np.array([1 / (v.std() + 1e-6) for v in (self.inner.distance(inner), self.season.distance(season), disagreement)], np.float32)
        quantile = np.quantile(self.strangeness(inner, season, disagreement), np.linspace(0, 1, KNOTS))
        self.knots = np.maximum.accumulate(quantile + np.arange(KNOTS) * 1e-3).astype(np.float32)

    def rank(self, inner, season, disagreement):
        """1 at and below the first knot, 0 at and beyond the last, linear between."""
        d = self.strangeness(inner, season, disagreement)[:, None]
        low, high = self.knots[:-1], self.knots[1:]
        return 1 - np.clip((d - low) / (high - low), 0, 1).mean(axis=1)
