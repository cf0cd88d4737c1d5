"""Figures: accuracy, calibration, reject option, familiarity. The Go side (`parus models eval`) computes the same from the suite."""
import numpy as np

from crop_codes import CLASSES
from crop_cycles import LEAST_DATES, shown, shown_whole
from crop_features import OBSERVED, RADAR_OBSERVED, series

STAGES = [12, 15, 18, 21, 24]  # dekads (1-36) at which a season is cut for the mid-season figures
OTHER = CLASSES.index("other")


def truth_table(labels, guessed, classes=CLASSES):
    table = np.zeros((len(classes), len(classes)), int)
    np.add.at(table, (labels, guessed), 1)
    return table


def expected_calibration_error(probability, labels, bins=15):
    top, right = probability.max(axis=1), probability.argmax(axis=1) == labels
    at = np.minimum((top * bins).astype(int), bins - 1)
    return float(sum(abs(top[at == b].mean() - right[at == b].mean()) * (at == b).mean()
                     for b in range(bins) if (at == b).any()))


def per_class(table, classes=CLASSES):
    """F1, precision, recall and support of every class that occurs."""
    out = {}
    for c, name in enumerate(classes):
        support, said, right = int(table[c].sum()), int(table[:, c].sum()), int(table[c, c])
        if support:
            out[name] = {"support": support, "precision": round(right / said, 4) if said else 0.0,
                         "recall": round(right / support, 4), "f1": round(2 * right / (support + said), 4)}
    return out


def scores(probability, labels, classes=CLASSES):
    """Overall accuracy, macro-F1 over the classes present, ECE, per class."""
    table = truth_table(labels, probability.argmax(axis=1), classes)
    classes = per_class(table, classes)
    return {"rows": int(len(labels)), "oa": round(float(np.trace(table) / len(labels)), 4),
            "macro_f1": round(float(np.mean([c["f1"] for c in classes.values()])), 4),
            "ece": round(expected_calibration_error(probability, labels), 4), "classes": classes}


def short(found):
    return {k: v for k, v in found.items() if k != "classes"}


def confusion(probability, labels, at_least=0.08):
    """The confusions worth telling: 'truth -> said', share of the truth's rows."""
    table = truth_table(labels, probability.argmax(axis=1))
    pairs = []
    for i in range(len(CLASSES)):
        for j in range(len(CLASSES)):
            if i != j and table[i].sum() >= 10 and table[i, j] / table[i].sum() >= at_least:
                pairs.append((table[i, j] / table[i].sum(), CLASSES[i], CLASSES[j], int(table[i, j])))
    return [{"truth": a, "said": b, "share": round(float(s), 3), "rows": n} for s, a, b, n in sorted(pairs, reverse=True)]


def kept(probability, labels, threshold, familiarity=None, least=0.0):
    """What remains, and how right it is, above a probability and (if given) a familiarity."""
    keep = probability.max(axis=1) >= threshold
    if familiarity is not None:
        keep &= familiarity >= least
    right = (probability.argmax(axis=1) == labels)[keep]
    return {"threshold": threshold, "coverage": round(float(keep.mean()), 4),
            "accuracy": round(float(right.mean()), 4) if keep.any() else None}


def curve(probability, labels):
    """Coverage and accuracy at every tenth of probability."""
    return [kept(probability, labels, t) for t in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)]


def least_probability(probability, labels, wanted=0.9):
    """The lowest threshold (steps of 0.05, from 0.5) that keeps rows with the wanted accuracy."""
    for step in range(10, 20):
        found = kept(probability, labels, round(step * 0.05, 2))
        if found["accuracy"] is not None and found["accuracy"] >= wanted:
            return found["threshold"]
    return 0.95


def area_under_curve(inside, outside):
    """Chance that a strange series is ranked less familiar than a known one (ties count half)."""
    ranks = np.concatenate([inside, outside])
    order = np.argsort(ranks, kind="stable")
    place = np.empty(len(ranks))
    place[order] = np.arange(1, len(ranks) + 1)
    _, inverse, count = np.unique(ranks, return_inverse=True, return_counts=True)
    place = np.bincount(inverse, place)[inverse] / count[inverse]
    n, m = len(inside), len(outside)
    return float((place[:n].sum() - n * (n + 1) / 2) / (n * m))


def agreement(first, second, least_first, least_second):
    """Of the rows that both networks keep: how many, and the share to which both give the same class."""
    both = (first.max(axis=1) >= least_first) & (second.max(axis=1) >= least_second)
    same = (first.argmax(axis=1) == second.argmax(axis=1))[both]
    return {"rows": int(both.sum()), "same": round(float(same.mean()), 4) if both.any() else None}


def silent(x, channels):
    out = x.copy()
    out[:, channels] = 0
    return out


def views(rows, s, seed=1):
    """The ways a held-out sample is shown. Yields (name, index into s, features).

    season: one cycle, as a season run shows it; the others the whole year: all of it, thinned to about 20 dates, cut
    after a dekad, without radar, with radar only. Samples with fewer than four observed dekads are left out of a view.
    """
    def view(name, features, channel=OBSERVED):
        enough = np.flatnonzero(features[:, channel].sum(axis=1) >= LEAST_DATES)
        return name, enough, features[enough]

    yield view("season", shown(rows, s))
    main = np.flatnonzero(s.whole)
    s = s.take(main)
    year = shown_whole(rows, s)

    def whole(*what):
        name, enough, features = view(*what)
        return name, main[enough], features
    yield whole("whole year", year)
    rng = np.random.default_rng(seed)
    thin = (rng.random((len(s), 36)) < 20 / 36)[..., None]
    yield whole("thinned", series(np.where(thin, rows.refl[s.row], np.nan), np.where(thin, rows.radar[s.row], np.nan)))
    for dekad in STAGES:
        yield whole(f"dekad {dekad}", shown_whole(rows, s, dekad - 1))
    heard = year[:, RADAR_OBSERVED].sum(axis=1) >= LEAST_DATES
    both, main = year[heard], main[heard]
    yield whole("optical and radar", both)
    yield whole("the same without radar", silent(both, slice(13, 16)))
    yield whole("the same by radar only", silent(both, slice(0, 13)), RADAR_OBSERVED)
