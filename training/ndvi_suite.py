"""What holds crop-ndvi to its card: tables for `parus models eval`, and test vectors for the Go side."""
import json
import os

import numpy as np

from crop_suite import day_of, number
from crop_vectors import cases, exact
from ndvi_card import NAME
from ndvi_data import CLASSES, features, of_bands

MU = 2000 / 3
NOTES = {"blocks": "Central Asia, NDVI alone. Blocks of 0.1 degree that took no part in training.", "year": "Central Asia, the year {0} left out.",
         "region": "Central Asia, {0} left out."}


def table(path, rows, ids):
    with open(path, "w") as f:
        f.write("id,date,ndvi,label,region,year,area_mu\n")
        for i, name in enumerate(ids):
            for d in np.flatnonzero(np.isfinite(rows.ndvi[i])):
                f.write(f"{name},{day_of(rows.year[i], d)},{number(rows.ndvi[i, d], 5)},{CLASSES[rows.label[i]]},{rows.region[i]},{rows.year[i]},{number(rows.area[i] / MU, 2)}\n")


def forest(path, ids, probability):
    with open(path, "w") as f:
        f.write(",".join(["id"] + ["p_" + c for c in CLASSES]) + "\n")
        for name, p in zip(ids, probability):
            f.write(name + "," + ",".join(number(v, 4) for v in p) + "\n")


def write(folder, rows, folds, forests, america, lacks=None):
    os.makedirs(folder, exist_ok=True)
    splits = []

    def split(name, kind, note, part, probability, model):
        ids = [f"{name}-{k:05d}" for k in range(len(part))]
        table(os.path.join(folder, name + ".csv"), part, ids)
        forest(os.path.join(folder, name + "-forest.csv"), ids, probability)
        splits.append({"name": name, "kind": kind, "table": name + ".csv", "models": [model], "baseline": name + "-forest.csv", "note": note})
    for name, fold in folds.items():
        kind = "blocks" if name == "blocks" else "year" if name.isdigit() else "region"
        model = NAME if kind == "blocks" else f"ndvi-without-{name.lower()}.json"
        split("NDVI-" + name, kind, NOTES[kind].format(name), rows.take(fold.judge), forests[name][0], model)
    split("NDVI-America", "region", "Crops of the same names in Arkansas and California 2021, NDVI of Sentinel-2: another continent and sensor.", america, forests["blocks"][1], NAME)
    with open(os.path.join(folder, "suite.json"), "w") as f:
        json.dump({"splits": splits, **({"lacks": lacks} if lacks else {})}, f, indent=1)
        f.write("\n")


def vectors(path, made, held):
    """Synthetic red and infrared, the features of them, what PyTorch answers; and which lines of the file were held out."""
    named = [(n, c[:, [2, 6]]) for n, c in cases()]
    ndvi = np.stack([of_bands(c[:, 0], c[:, 1]) for _, c in named])
    x, p = features(ndvi), made.probability(ndvi)
    listed = lambda c: [[None if np.isnan(v) else float(v) for v in step] for step in c]
    out = {"comment": "Written by training/train_ndvi.py from synthetic spectra; features by numpy, probabilities by PyTorch. null = NaN. bands: B04, B08. "
                      "held_out: lines of the survey's file, from 0, that took no part in training.",
           "held_out": [int(i) for i in held],
           "classes": CLASSES, "cases": [{"name": n, "bands": listed(c), "features": [exact(ch) for ch in x[i]], "crop_ndvi": exact(p[i])} for i, (n, c) in enumerate(named)]}
    with open(path, "w") as f:
        json.dump(out, f)
        f.write("\n")
