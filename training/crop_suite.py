"""The evaluation suite: long tables of held-out rows, forests' answers and models, which `parus models eval` runs and scores."""
import json
import os

import numpy as np

from crop_codes import CLASSES
from crop_data import BANDS, DEKADS

MU = 2000 / 3  # m2
HEADER = ["id", "date", *BANDS, "vv", "vh", "lat", "lon", "label", "region", "year", "area_mu"]


def day_of(year, dekad):
    return f"{year}-{dekad // 3 + 1:02d}-{(5, 15, 25)[dekad % 3]:02d}"


def number(v, digits):
    return f"{v:.{digits}f}".rstrip("0").rstrip(".") if np.isfinite(v) else ""


def lines(identity, row, refl, radar, label, share=None):
    """The lines of one series; row: a Rows of one. South of the equator dekads go back by half a year."""
    south = row.lat[0] < 0
    tail = [number(row.lat[0], 5), number(row.lon[0], 5), label, str(row.region[0]), str(row.year[0]), number(row.area[0] / MU, 3)]
    if share is not None:
        tail.append(number(share, 2))
    for d in range(DEKADS):
        seen, heard = np.isfinite(refl[d]).all(), np.isfinite(radar[d]).all()
        if seen or heard:
            values = [number(v, 5) if seen else "" for v in refl[d]] + [number(v, 3) if heard else "" for v in radar[d]]
            yield d, ",".join([identity, day_of(row.year[0], (d + 18) % 36 if south else d), *values, *tail])


def table(path, rows, index, labels, ids, mixed=None, share=None):
    """A long table of the rows at index. mixed: (refl, radar) in their place."""
    with open(path, "w") as f:
        f.write(",".join(HEADER + (["share"] if share is not None else [])) + "\n")
        for k, i in enumerate(index):
            refl, radar = (rows.refl[i], rows.radar[i]) if mixed is None else (mixed[0][k], mixed[1][k])
            for _, line in sorted(lines(ids[k], rows.take([i]), refl, radar, CLASSES[labels[k]], None if share is None else share[k])):
                f.write(line + "\n")


def forest(path, ids, probability):
    """The baseline's answers: id and one column per class."""
    with open(path, "w") as f:
        f.write(",".join(["id"] + ["p_" + c for c in CLASSES]) + "\n")
        for name, p in zip(ids, probability):
            f.write(name + "," + ",".join(number(v, 4) for v in p) + "\n")


def mixtures(rows, s, index, labels, seed, shares=(0.8, 0.6), most=800):
    """Held-out plots mixed with the nearest held-out plot of another class in the same region: what a badly drawn edge gives.

    Returns (places in index, refl, radar, share): reflectance by area, on the dekads that both saw.
    """
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(index))[:most])
    region = rows.region[s.row[index]]
    place, refl, radar, of = [], [], [], []
    for k in chosen:
        row = s.row[index[k]]
        near = np.flatnonzero((region == region[k]) & (labels != labels[k]))
        if not len(near):
            continue
        away = (rows.lat[s.row[index[near]]] - rows.lat[row])**2 + (rows.lon[s.row[index[near]]] - rows.lon[row])**2
        other = s.row[index[near[away.argmin()]]]
        for share in shares:
            mixed = share * rows.refl[row] + (1 - share) * rows.refl[other]
            if np.isfinite(mixed).all(axis=1).sum() < 4:
                continue
            place.append(k)
            refl.append(mixed)
            radar.append(np.full((DEKADS, 2), np.nan))
            of.append(share)
    return np.array(place), np.array(refl), np.array(radar), np.array(of)


def names_of(split, s, index):
    return [f"{split}-{r:05d}" for r in s.row[index]]


def write(folder, rows, s, folds, baselines, cards, shipped, lacks=None):
    """folds: {name: Fold}; baselines: {name: probabilities}; cards: {name: card path beside suite.json or shipped name}; lacks: what a whole suite has more."""
    os.makedirs(folder, exist_ok=True)
    splits = []
    for name, fold in folds.items():
        ids, labels = names_of(name, s, fold.judge), s.label[fold.judge]
        table(os.path.join(folder, name + ".csv"), rows, s.row[fold.judge], labels, ids)
        forest(os.path.join(folder, name + "-forest.csv"), ids, baselines[name])
        split = {"name": name, "kind": "blocks" if name == "blocks" else "region", "table": name + ".csv",
                 "models": cards[name], "baseline": name + "-forest.csv"}
        if name != "blocks":
            table(os.path.join(folder, name + "-known.csv"), rows, s.row[fold.known], s.label[fold.known], names_of(name, s, fold.known))
            split["familiar"] = name + "-known.csv"
        splits.append(split)
    held = folds["blocks"].judge
    labels = s.label[held]
    place, refl, radar, share = mixtures(rows, s, held, labels, 1)
    ids = [f"mixture-{s.row[held[k]]:05d}-{int(v * 100)}" for k, v in zip(place, share)]
    table(os.path.join(folder, "mixtures.csv"), rows, s.row[held[place]], labels[place], ids, (refl, radar), share)
    splits.append({"name": "mixtures", "kind": "mixture", "table": "mixtures.csv", "models": shipped})
    with open(os.path.join(folder, "suite.json"), "w") as f:
        json.dump({"splits": splits, **({"lacks": lacks} if lacks else {})}, f, indent=1)
        f.write("\n")
