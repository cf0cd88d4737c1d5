"""The crop model as one thing: networks and a small forest averaged, calibrated, with its sense of the familiar."""
import numpy as np
from sklearn.ensemble import RandomForestClassifier

from crop_codes import CLASSES
from crop_features import OBSERVED
from crop_networks import Seasons, in_parts, softmax, temperature

TREES, LEAVES = 60, 620  # with three networks a file below 5 MB
FOREST, ENOUGH = 0.5, 8.0  # the forest's share, reached where this many dekads were observed; less with fewer
EARLY, LATE = 12, 26       # and only where something was seen before dekad 12 and from dekad 26 on (0-35): the forest knows whole years
TINY = 1e-4


def compact_forest(views, labels, seed):
    """A forest small enough to ship, on the season's statistics."""
    made = RandomForestClassifier(TREES, max_leaf_nodes=LEAVES, max_features=0.05, n_jobs=1, random_state=seed)
    return made.fit(in_parts(Seasons(), views), labels)


def plain_forest(views, labels, seed, balanced=False):
    """The baseline: 500 full trees on the same rows and the same input as the networks. Returns features -> probabilities."""
    made = RandomForestClassifier(500, class_weight="balanced" if balanced else None, n_jobs=1, random_state=seed)
    made.fit(views.reshape(len(views), -1), labels)
    return lambda x: spread(made, x.reshape(len(x), -1))


def spread(forest, x):
    """A forest's probabilities over all classes."""
    out = np.zeros((len(x), len(CLASSES)))
    if len(x):
        out[:, forest.classes_] = forest.predict_proba(x)
    return out


def trust(x):
    """0-1: how far a series is one that the forest may judge."""
    seen = x[:, OBSERVED]
    return np.minimum(seen.sum(axis=1) / ENOUGH, 1) * (seen[:, :EARLY].max(axis=1) > 0) * (seen[:, LATE:].max(axis=1) > 0)


class Ensemble:
    """networks: PyTorch, in eval mode; the first one's inner layer is where familiarity is judged."""

    def __init__(self, networks, forest):
        self.networks, self.forest, self.familiar = networks, forest, None
        self.temperature = (1.0, 1.0)  # of the networks alone, of all where the forest is trusted

    def nets(self, x):
        return np.mean([softmax(in_parts(n, x)) for n in self.networks], axis=0)

    def mixed(self, x):
        """The average before the temperature."""
        share = FOREST * trust(x)[:, None]
        return (1 - share) * self.nets(x) + share * spread(self.forest, in_parts(Seasons(), x))

    def logits(self, x):
        return np.log(self.mixed(x) + TINY)

    def probability(self, x):
        return softmax(self.logits(x) * self.cool(x)[:, None])

    def cool(self, x):
        """What the logits are multiplied by: between the two temperatures by trust."""
        alone, together = (1 / t for t in self.temperature)
        return alone + (together - alone) * trust(x)

    def calibrate(self, parts, whole, labels_parts, labels_whole):
        """Temperatures from series of unseen blocks: parts of years, and whole years."""
        for k, (x, labels) in enumerate(((parts, labels_parts), (whole, labels_whole))):
            wanted = (trust(x) > 0) == (k == 1)
            if wanted.sum() >= 50:
                found = temperature(self.logits(x[wanted]), labels[wanted])
                self.temperature = (found, found) if k == 0 else (self.temperature[0], found)

    def signs(self, x):
        """What familiarity is judged by: inner layer, season's statistics, disagreement of networks and forest."""
        season = in_parts(Seasons(), x)
        disagreement = 0.5 * np.abs(self.nets(x) - spread(self.forest, season)).sum(axis=1) * trust(x)
        return in_parts(self.networks[0].inner, x), season, disagreement

    def familiarity(self, x):
        return self.familiar.rank(*self.signs(x))
