"""How good the networks are on blocks they never saw, and a random forest beside them."""
import numpy as np

from crop_cycles import MARGIN, window
from crop_data import CLASSES
from crop_features import series

STAGES = [15, 18, 21, 24]  # dekads (1-36) at which a season is cut for the mid-season figures
OTHER = CLASSES.index("other")


def truth_table(labels, guessed):
    table = np.zeros((len(CLASSES), len(CLASSES)), int)
    np.add.at(table, (labels, guessed), 1)
    return table


def expected_calibration_error(probability, labels, bins=15):
    top, right = probability.max(axis=1), probability.argmax(axis=1) == labels
    at = np.minimum((top * bins).astype(int), bins - 1)
    return float(sum(abs(top[at == b].mean() - right[at == b].mean()) * (at == b).mean()
                     for b in range(bins) if (at == b).any()))


def per_class(table):
    """F1, precision, recall and support of every class that occurs."""
    out = {}
    for c, name in enumerate(CLASSES):
        support, said, right = int(table[c].sum()), int(table[:, c].sum()), int(table[c, c])
        if support:
            out[name] = {"support": support, "precision": round(right / said, 4) if said else 0.0,
                         "recall": round(right / support, 4), "f1": round(2 * right / (support + said), 4)}
    return out


def scores(probability, labels):
    """Overall accuracy, macro-F1 over the classes present, ECE, per class."""
    table = truth_table(labels, probability.argmax(axis=1))
    classes = per_class(table)
    return {"rows": int(len(labels)), "oa": round(float(np.trace(table) / len(labels)), 4),
            "macro_f1": round(float(np.mean([c["f1"] for c in classes.values()])), 4),
            "ece": round(expected_calibration_error(probability, labels), 4), "classes": classes}


def confusion(probability, labels, at_least=0.05):
    """The confusions worth telling: 'truth -> said', share of the truth's rows."""
    table = truth_table(labels, probability.argmax(axis=1))
    pairs = []
    for i in range(len(CLASSES)):
        for j in range(len(CLASSES)):
            if i != j and table[i].sum() >= 10 and table[i, j] / table[i].sum() >= at_least:
                pairs.append((table[i, j] / table[i].sum(), CLASSES[i], CLASSES[j], int(table[i, j])))
    return [{"truth": a, "said": b, "share": round(float(s), 3), "rows": n} for s, a, b, n in sorted(pairs, reverse=True)]


def kept(probability, labels, threshold):
    top = probability.max(axis=1)
    keep = top >= threshold
    right = (probability.argmax(axis=1) == labels)[keep]
    return {"threshold": threshold, "coverage": round(float(keep.mean()), 4),
            "accuracy": round(float(right.mean()), 4) if keep.any() else None}


def least_probability(probability, labels, wanted=0.9):
    """The lowest threshold (steps of 0.05, from 0.6) that keeps rows with the wanted accuracy.

    Not below 0.6: with four to six dates wrong answers gather between 0.4 and 0.6.
    """
    for step in range(12, 20):
        found = kept(probability, labels, round(step * 0.05, 2))
        if found["accuracy"] is not None and found["accuracy"] >= wanted:
            return found["threshold"]
    return 0.95


def by_dates(probability, labels, dates, threshold):
    """Accuracy, and coverage and accuracy of the kept, by number of observed dekads."""
    out = {}
    for name, low, high in (("4", 4, 4), ("5", 5, 5), ("6-7", 6, 7), ("8-10", 8, 10), ("11+", 11, 36)):
        at = (dates >= low) & (dates <= high)
        if at.any():
            right = probability[at].argmax(axis=1) == labels[at]
            out[name] = {"rows": int(at.sum()), "oa": round(float(right.mean()), 4), **kept(probability[at], labels[at], threshold)}
    return out


def agreement(first, second, least_first, least_second):
    """Of the rows that both networks keep: how many, and the share to which both give the same class."""
    both = (first.max(axis=1) >= least_first) & (second.max(axis=1) >= least_second)
    same = (first.argmax(axis=1) == second.argmax(axis=1))[both]
    return {"rows": int(both.sum()), "same": round(float(same.mean()), 4)}


def views(rows, s, seed=1):
    """The ways a held-out sample is shown: whole cycle, thinned to about 20 dates a year, cut at a dekad.

    Yields (name, index into s, features). Samples with fewer than four observed dekads are left out of a view.
    """
    refl = window(rows.refl[s.row], s.start - MARGIN, s.end + MARGIN)
    rng = np.random.default_rng(seed)

    def view(name, shown):
        enough = np.flatnonzero(np.isfinite(shown).all(axis=2).sum(axis=1) >= 4)
        return name, enough, series(shown[enough])

    yield view("season", refl)
    thin = np.where((rng.random(refl.shape[:2]) < 20 / 36)[..., None], refl, np.nan)
    yield view("thinned", thin)
    for dekad in STAGES:
        yield view(f"dekad {dekad}", window(refl, np.zeros(len(refl), int), np.full(len(refl), dekad - 1)))


def forest(features, labels, seed):
    """A plain random forest on the same rows and the same features."""
    from sklearn.ensemble import RandomForestClassifier
    made = RandomForestClassifier(n_estimators=200, min_samples_leaf=1, max_features="sqrt", n_jobs=1, random_state=seed)
    made.fit(features.reshape(len(features), -1), labels)

    def probability(x):
        out = np.zeros((len(x), len(CLASSES)))
        out[:, made.classes_] = made.predict_proba(x.reshape(len(x), -1))
        return out
    return probability
