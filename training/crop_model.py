"""One fold, from rows to a finished model: networks, forest, temperature, familiarity, and the baseline beside it."""
import numpy as np

from crop_codes import CLASSES
from crop_cycles import LEAST_DATES, shown, shown_whole
from crop_ensemble import Ensemble, compact_forest, plain_forest
from crop_evaluate import scores, silent
from crop_export import prune
from crop_familiar import Familiar
from crop_features import OBSERVED, RADAR_OBSERVED
from crop_networks import in_parts, softmax, temperature
from crop_training import Batches, train

CUTS = (17, 20, 23)  # dekads (0-35) after which a season is cut for the calibration of parts
NETWORKS = ("cnn", "cnn", "cnn")  # of the shipped model; a region left out is judged by the first two


def forest_rows(rows, s, index):
    """What the forest learns from: whole years; where there is radar, also without."""
    main = index[s.whole[index]]
    year, labels = shown_whole(rows, s.take(main)), s.label[main]
    heard = year[:, RADAR_OBSERVED].max(axis=1) > 0
    return np.concatenate([year, silent(year[heard], slice(13, 16))]), np.concatenate([labels, labels[heard]])


def build(rows, s, pool, fold, epochs, seed, log=print):
    """A calibrated Ensemble for the fold."""
    batches = Batches(pool, s.label, s.weight, fold.train, seed)
    networks = [train(kind, batches, epochs, seed + i, log=log) for i, kind in enumerate(NETWORKS[:2])]
    return finish(rows, s, pool, fold, networks, seed)


def finish(rows, s, pool, fold, networks, seed):
    """Forest, temperature and familiarity around trained networks."""
    views, labels = forest_rows(rows, s, fold.train)
    made = Ensemble(networks, prune(compact_forest(views, labels, seed)))
    year, truth = shown_whole(rows, s.take(fold.calibrate)), s.label[fold.calibrate]
    parts = [shown(rows, s.take(fold.calibrate))] + [shown_whole(rows, s.take(fold.calibrate), last) for last in CUTS]
    enough = np.concatenate([x[:, OBSERVED].sum(axis=1) >= LEAST_DATES for x in parts])
    made.calibrate(np.concatenate(parts)[enough], year, np.tile(truth, len(parts))[enough], truth)
    seen = np.concatenate(known_views(rows, s, pool, fold.train))
    inner, season, _ = made.signs(seen)
    made.familiar = Familiar(inner, season, seed)
    made.familiar.fit_rank(*made.signs(np.concatenate(known_views(rows, s, pool, fold.calibrate)[:2])))
    return made


def known_views(rows, s, pool, index):
    """How known series look: whole years, single cycles, one cut and thinned copy, radar alone."""
    year, cycle = shown_whole(rows, s.take(index[s.whole[index]])), shown(rows, s.take(index[s.whole[index]]))
    heard = year[:, RADAR_OBSERVED].max(axis=1) > 0
    return [year, cycle, pool[0, index].astype(np.float32), silent(year[heard], slice(0, 13))]


def baseline(rows, s, fold, seed, both=False):
    """Probabilities of a 500-tree forest on the fold's judged rows, after the same training rows and the same input.

    both: a class-balanced one too; the one with the better sum of OA and macro-F1 is taken (the forest's favour).
    """
    main = fold.train[s.whole[fold.train]]
    x, y = shown_whole(rows, s.take(main)), s.label[main]
    judged = shown_whole(rows, s.take(fold.judge))
    best = None
    for balanced in (False, True)[:1 + both]:
        p = plain_forest(x, y, seed, balanced)(judged)
        found = scores(p, s.label[fold.judge])
        if best is None or found["oa"] + found["macro_f1"] > best[0]:
            best = (found["oa"] + found["macro_f1"], p, "balanced" if balanced else "plain")
    return {"probability": best[1].astype(np.float32), "kind": best[2]}


def class_counts(rows, s, index):
    """{class: {region: samples}}, weed spells not counted."""
    out = {}
    for c, name in enumerate(CLASSES):
        chosen = s.row[index[(s.label[index] == c) & (s.weight[index] == 1)]]
        regions, n = np.unique(rows.region[chosen].astype(str), return_counts=True)
        out[name] = {r: int(k) for r, k in zip(regions, n)}
    return out


class Small:
    """crop-small with its temperature."""

    def __init__(self, network):
        self.network, self.temperature = network, 1.0

    def calibrate(self, rows, s, fold):
        self.temperature = temperature(in_parts(self.network, shown_whole(rows, s.take(fold.calibrate))), s.label[fold.calibrate])

    def probability(self, x):
        return softmax(in_parts(self.network, x) / self.temperature)
