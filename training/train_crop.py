"""Trains, exports and measures the crop networks; writes the sample spectra.

    python3 training/train_crop.py --data ../shared/data --out models/shipped

Steps keep their result in --work and are skipped when it is there, so a run
that was cut goes on. --fresh starts again. One core, seeds fixed.
"""
import argparse
import datetime
import json
import os
import pickle
import shutil
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np
import torch

import crop_card
import crop_cycles
import crop_data
import crop_evaluate
import crop_export
import crop_networks
import crop_report
import crop_spectra
import crop_vectors
from crop_augment import Augmenter
from crop_features import series

SEED = 20240715
HERE = os.path.dirname(os.path.abspath(__file__))
EPOCHS = {"crop": 100, "crop-small": 150}
ELSEWHERE_EPOCHS = 20  # leave-region-out trains one network per region: shorter


class Steps:
    """Results by name, kept in a folder."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)

    def get(self, name, make):
        path = os.path.join(self.folder, name + ".pickle")
        if not os.path.exists(path):
            print(f"{name} ...", flush=True)
            value = make()
            with open(path + ".part", "wb") as f:
                pickle.dump(value, f)
            os.replace(path + ".part", path)
        with open(path, "rb") as f:
            return pickle.load(f)


def fit(kind, rows, s, epochs, teacher=None):
    """One network on samples s; rare classes are drawn more often, by count^-0.5."""
    count = np.bincount(s.label, minlength=len(crop_data.CLASSES))
    weights = s.weight * count[s.label] ** -0.5
    return crop_networks.train(kind, Augmenter(rows, s, np.random.default_rng(SEED)), s.label, weights, epochs, SEED, teacher)


def calibrated(network, temperature):
    return lambda x: crop_networks.softmax(crop_networks.logits(network, x) / temperature)


def evaluate(rows, parts, probability):
    """All figures of one classifier on the held-out blocks (and what validation chose)."""
    held, validation, weeds = parts["held"], parts["validation"], parts["weeds"]
    out = {"held_out": {}, "by_source": {}, "confusions": []}
    for name, index, x in crop_evaluate.views(rows, held):
        p, labels = probability(x), held.label[index]
        out["held_out"][name] = crop_evaluate.scores(p, labels)
        if name == "thinned":
            out["by_dates"] = crop_evaluate.by_dates(p, labels, x[:, 12].sum(axis=1), out["min_probability"])
        if name != "season":
            del out["held_out"][name]["classes"]
            continue
        out["confusions"] = crop_evaluate.confusion(p, labels)
        source = rows.source[held.row[index]]
        for one in sorted(set(source)):
            at = source == one
            out["by_source"][one] = {k: v for k, v in crop_evaluate.scores(p[at], labels[at]).items() if k != "classes"}
        _, vi, vx = next(crop_evaluate.views(rows, validation))
        chosen = crop_evaluate.least_probability(probability(vx), validation.label[vi])
        out["min_probability"] = chosen
        out["kept"] = {"held_out": crop_evaluate.kept(p, labels, chosen),
                       "validation": crop_evaluate.kept(probability(vx), validation.label[vi], chosen)}
    said = probability(series(crop_cycles.shown(rows, weeds))).argmax(axis=1)
    out["green_spells_before_summer_crops"] = {
        "rows": len(said), "other": round(float((said == crop_evaluate.OTHER).mean()), 4),
        "winter_wheat": round(float((said == crop_data.CLASSES.index("winter_wheat")).mean()), 4)}
    return out


def parts_of(rows, s):
    part = crop_data.split(rows)[s.row]
    whole = s.weight == 1
    return {"train": s.take(part == "train"), "validation": s.take((part == "validation") & whole),
            "held": s.take((part == "held") & whole), "weeds": s.take((part == "held") & ~whole)}


def augmented_forest(rows, s):
    """A forest given the same cuts and thinnings as the networks: three augmented copies beside the rows."""
    augmenter = Augmenter(rows, s, np.random.default_rng(SEED))
    every = np.arange(len(s))
    x = np.concatenate([series(crop_cycles.shown(rows, s))] + [augmenter.batch(every) for _ in range(3)])
    return crop_evaluate.forest(x, np.tile(s.label, 4), SEED)


def leave_regions_out(rows, s):
    """Each region judged by a network and a forest that saw nothing of it. Classes with >= 10 rows on both sides."""
    out = {}
    s = s.take(s.weight == 1)
    region = rows.region[s.row]
    for name in sorted(set(region)):
        inside, outside = s.take(region == name), s.take(region != name)
        here = np.bincount(inside.label, minlength=len(crop_data.CLASSES))
        there = np.bincount(outside.label, minlength=len(crop_data.CLASSES))
        inside = inside.take(((here >= 10) & (there >= 10))[inside.label])
        features = series(crop_cycles.shown(rows, inside))
        network = fit("crop", rows, outside, ELSEWHERE_EPOCHS)
        forest = crop_evaluate.forest(series(crop_cycles.shown(rows, outside)), outside.label, SEED)
        out[name] = {}
        for kind, p in (("crop", calibrated(network, 1.0)(features)), ("forest", forest(features))):
            found = crop_evaluate.scores(p, inside.label)
            found["most_confident_half"] = crop_evaluate.kept(p, inside.label, float(np.median(p.max(axis=1))))["accuracy"]
            out[name][kind] = found
        print(f"  {name}: network {out[name]['crop']['oa']}, forest {out[name]['forest']['oa']}", flush=True)
    return out


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", required=True, help="folder with crop_series_us and crop_series_worldcereal")
    ask.add_argument("--out", required=True, help="folder of the shipped models")
    ask.add_argument("--repo", default=os.path.dirname(HERE), help="where data/sample, models/testdata and docs/evaluation lie")
    ask.add_argument("--work", default=os.path.join(HERE, ".work"), help="kept steps")
    ask.add_argument("--fresh", action="store_true", help="forget kept steps")
    ask.add_argument("--day", default=datetime.date.today().isoformat(), help="day written on the cards")
    arguments = ask.parse_args()
    torch.set_num_threads(1)
    if arguments.fresh:
        shutil.rmtree(arguments.work, ignore_errors=True)
    steps = Steps(arguments.work)

    rows = steps.get("rows", lambda: crop_data.read_all(arguments.data))
    s = steps.get("samples", lambda: crop_cycles.samples(rows))
    parts = parts_of(rows, s)
    spectra = crop_spectra.write(os.path.join(arguments.repo, "data", "sample", "spectra.csv"),
                                 rows.take(crop_data.split(rows) == "held"))

    labelled = crop_card.labelled_counts(rows, s)
    _, vi, vx = next(crop_evaluate.views(rows, parts["validation"]))
    probability, found, cards = {}, {}, {}
    shapes = {"crop": [13, 36], "crop-small": [468]}
    network = None
    for kind in EPOCHS:  # crop first: it teaches crop-small
        network = steps.get(kind, lambda: fit(kind, rows, parts["train"], EPOCHS[kind], teacher=network))
        t = crop_networks.temperature(crop_networks.logits(network, vx), parts["validation"].label[vi])
        probability[kind] = calibrated(network, t)
        found[kind] = steps.get(kind + "-figures", lambda: evaluate(rows, parts, probability[kind]))
        found[kind]["labelled"] = labelled
        made = (crop_export.cnn if kind == "crop" else crop_export.small)(network, t)
        runtimes = ["onnxruntime"] if kind == "crop" else ["onnx-go", "onnxruntime"]
        cards[kind] = (shapes[kind], runtimes, crop_export.operators(made), made.SerializeToString(), t)

    plain = lambda: crop_evaluate.forest(series(crop_cycles.shown(rows, parts["train"])), parts["train"].label, SEED)
    forests = steps.get("forest-figures", lambda: evaluate(rows, parts, plain()))
    forests_augmented = steps.get("forest-augmented-figures", lambda: evaluate(rows, parts, augmented_forest(rows, parts["train"])))
    elsewhere = steps.get("leave-region-out", lambda: leave_regions_out(rows, s))

    agree = {name: crop_evaluate.agreement(probability["crop"](x), probability["crop-small"](x),
                                           found["crop"]["min_probability"], found["crop-small"]["min_probability"])
             for name, _, x in crop_evaluate.views(rows, parts["held"])}
    for kind, rest in cards.items():
        figures = dict(found[kind])
        figures["agreement_of_both_networks"] = agree
        figures["random_forest"] = {name: forests["held_out"][name] for name in forests["held_out"]}
        if kind == "crop":
            figures["leave_region_out"] = elsewhere
        crop_card.write(arguments.out, kind, rest[3], crop_card.card(kind, *rest, figures, arguments.day))
    crop_vectors.write(os.path.join(arguments.repo, "models", "testdata", "crop_features.json"),
                       {"crop": probability["crop"], "crop_small": probability["crop-small"]})
    crop_report.write(os.path.join(arguments.repo, "docs", "evaluation", "crop.md"),
                      {"crop": found["crop"], "crop-small": found["crop-small"], "forest": forests,
                       "forest, augmented": forests_augmented}, agree, elsewhere, spectra,
                      {k: len(v) for k, v in parts.items()}, crop_card.COMMAND)
    for kind in found:
        season = found[kind]["held_out"]["season"]
        print(f"{kind}: held-out OA {season['oa']}, macro-F1 {season['macro_f1']}, ECE {season['ece']}")


if __name__ == "__main__":
    sys.exit(main())
