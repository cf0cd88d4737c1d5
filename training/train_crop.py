"""Trains, exports and measures the crop networks; writes cards, test vectors, the evaluation suite and the page.

    python3 training/train_crop.py --data ../shared/data --out models/shipped

Steps keep their result in --work and are skipped when it is there, so a run
that was cut goes on. --fresh starts again. Two processes of one thread each, seeds fixed.
"""
import argparse
import datetime
import os
import shutil
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np

import crop_card
import crop_cycles
import crop_export
import crop_figures
import crop_folds
import crop_model
import crop_readers
import crop_report
import crop_spectra
import crop_suite
import crop_vectors
from crop_data import split
from crop_evaluate import agreement, views
from crop_steps import Steps
from crop_training import Batches, copies, train

SEED = 20240715
HERE = os.path.dirname(os.path.abspath(__file__))
EPOCHS, EPOCHS_ELSEWHERE, EPOCHS_SMALL = 100, 40, 60
COMMITTED = ("crop", "crop-small")
LACKS = "crop with regions left out, whose models `make -C training crop` trains (half an hour of two quiet cores)."


def rows_and_samples(work, data):
    steps = Steps(work)
    rows = steps.get("rows", lambda: crop_readers.read_all(data))
    return steps, rows, steps.get("samples", lambda: crop_cycles.samples(rows))


def prepared(work, data):
    """Rows, samples and augmented copies, shared by all steps."""
    steps, rows, s = rows_and_samples(work, data)
    group = [f"{a}/{b}" for a, b in zip(rows.region, split(rows))]
    return steps, rows, s, copies(os.path.join(work, "copies.npy"), rows, s, np.array(group, dtype=object), SEED)


def folds(rows, s, regions=crop_folds.REGIONS):
    return {"blocks": crop_folds.blocks(rows, s), **{r: crop_folds.without(rows, s, r) for r in regions}}


def step(name, work, data):
    """One of the long steps: 'forest FOLD', 'network K' of the shipped model, 'crop' from these, 'crop-small', 'model FOLD'."""
    steps, rows, s, pool = prepared(work, data)
    log = lambda text: print(name + text, flush=True)
    what, _, of = name.partition(" ")
    if what == "forest":
        fold = folds(rows, s)[of]
        return steps.get(name, lambda: crop_model.baseline(rows, s, fold, SEED, both=of == "blocks")) and None
    if what == "crop":
        nets = [steps.get(f"network {k}", None) for k in range(len(crop_model.NETWORKS))]
        return steps.get(name, lambda: crop_model.finish(rows, s, pool, crop_folds.blocks(rows, s), nets, SEED)) and None
    if what == "network":
        batches = Batches(pool, s.label, s.weight, crop_folds.blocks(rows, s).train, SEED + int(of))
        return steps.get(name, lambda: train("cnn", batches, EPOCHS, SEED + int(of), log=log)) and None
    if what == "model":
        fold = crop_folds.without(rows, s, of)
        return steps.get(name, lambda: crop_model.build(rows, s, pool, fold, EPOCHS_ELSEWHERE, SEED, log=log)) and None
    if what == "crop-small":
        batches = Batches(pool, s.label, s.weight, crop_folds.blocks(rows, s).train, SEED)
        teacher = steps.get("crop", None).probability
        return steps.get(name, lambda: train("small", batches, EPOCHS_SMALL, SEED, teacher=teacher, log=log)) and None
    raise ValueError(name)


def suite_only(ask):
    """The suite of the shipped models, without training: rows, split and the forest beside."""
    steps, rows, s = rows_and_samples(ask.work, ask.data)
    fold = crop_folds.blocks(rows, s)
    forest = steps.get("forest blocks", lambda: crop_model.baseline(rows, s, fold, SEED, both=True))
    crop_suite.write(os.path.join(ask.work, "suite"), rows, s, {"blocks": fold}, {"blocks": forest["probability"]},
                     {"blocks": list(COMMITTED)}, list(COMMITTED), LACKS)


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", required=True, help="folder with crop_series_us and crop_series_worldcereal")
    ask.add_argument("--out", help="folder of the shipped models")
    ask.add_argument("--repo", default=os.path.dirname(HERE), help="where models/testdata and docs/evaluation lie")
    ask.add_argument("--work", default=os.path.join(HERE, ".work"), help="kept steps")
    ask.add_argument("--jobs", type=int, default=2, help="processes")
    ask.add_argument("--only", help="one step of those kept, e.g. 'model FRA'")
    ask.add_argument("--regions", nargs="*", default=crop_folds.REGIONS, help="regions to leave out in turn")
    ask.add_argument("--fresh", action="store_true", help="forget kept steps")
    ask.add_argument("--suite-only", action="store_true", help="no training: what `parus models eval` needs to measure the shipped models on held-out blocks")
    ask.add_argument("--spectra", action="store_true", help="also write data/sample/spectra.csv again")
    ask.add_argument("--day", default=datetime.date.today().isoformat(), help="day written on the cards")
    parser, ask = ask, ask.parse_args()
    if ask.fresh:
        shutil.rmtree(ask.work, ignore_errors=True)
    if ask.suite_only:
        return suite_only(ask)
    if not ask.out:
        parser.error("--out is missing: the folder of the shipped models")
    steps, rows, s, pool = prepared(ask.work, ask.data)
    if ask.only:
        return step(ask.only, ask.work, ask.data)
    if ask.spectra:
        crop_spectra.write(os.path.join(ask.repo, "data", "sample", "spectra.csv"), rows.take(split(rows) == "held"))

    every = folds(rows, s, ask.regions)
    fold = every["blocks"]
    steps.side_by_side([f"network {k}" for k in range(len(crop_model.NETWORKS))], step, (ask.work, ask.data), ask.jobs)
    steps.side_by_side(["crop"], step, (ask.work, ask.data), 1)
    steps.side_by_side(["crop-small"] + ["forest " + n for n in every] + ["model " + r for r in ask.regions],
                       step, (ask.work, ask.data), ask.jobs)
    write(ask, steps, rows, s, every, steps.get("crop", None))
    return 0


def write(ask, steps, rows, s, every, crop):
    """Everything that is made from the kept steps: models, cards, suite, vectors, page."""
    fold = every["blocks"]
    small = crop_model.Small(steps.get("crop-small", None))
    small.calibrate(rows, s, fold)
    forests = {n: steps.get("forest " + n, None) for n in every}
    spells = ((split(rows) == "held")[s.row] & (s.weight < 1)).nonzero()[0]
    found, cards = {}, {}
    for kind, model in (("crop", crop), ("crop-small", small)):
        minimum = crop_figures.thresholds(rows, s, model.probability, fold.calibrate)
        found[kind] = {"min_probability": minimum, "labelled": crop_model.class_counts(rows, s, np.arange(len(s))),
                       **crop_figures.held_out(rows, s, model.probability, fold, minimum),
                       "green_spells_before_summer_crops": crop_figures.weeds(rows, s, model.probability, spells)}
    labels = s.label[fold.judge]
    found["crop"]["random_forest"] = {**crop_figures.scores(forests["blocks"]["probability"], labels), "kind": forests["blocks"]["kind"]}
    found["crop-small"]["random_forest"] = crop_figures.short(found["crop"]["random_forest"])
    found["crop"]["leave_region_out"] = {
        r: crop_figures.elsewhere(rows, s, steps.get("model " + r, None), every[r], forests[r]["probability"]) for r in ask.regions}
    found["crop"]["familiarity"] = crop_figures.inside(rows, s, crop, fold, found["crop"]["min_probability"])
    found["crop"]["neighbours"] = crop_figures.neighbours(rows, s, crop, every, lambda r: steps.get("model " + r, None))
    held = s.take(fold.judge)
    agree = {name: agreement(crop.probability(x), small.probability(x), found["crop"]["min_probability"], found["crop-small"]["min_probability"])
             for name, _, x in views(rows, held)}
    suite = os.path.join(ask.work, "suite")
    os.makedirs(suite, exist_ok=True)
    for kind, model in (("crop", crop), ("crop-small", small)):
        found[kind]["agreement_of_both_networks"] = agree
        made = crop_export.full(crop) if kind == "crop" else crop_export.small(small.network, small.temperature)
        temperature = crop.temperature[1] if kind == "crop" else small.temperature
        service = crop_card.in_service(found[kind]["labelled"], *[found[kind]["held_out"][v]["classes"] for v in ("season", "whole year")])
        cards[kind] = crop_card.card(kind, crop_export.operators(made), made.SerializeToString(), temperature, found[kind], service, ask.day, rows)
        crop_card.write(ask.out, kind, made.SerializeToString(), cards[kind])
    models = {"blocks": list(COMMITTED)}
    for r in ask.regions:
        made, name = crop_export.full(steps.get("model " + r, None)), "without-" + r.lower()
        text = crop_card.card("crop", crop_export.operators(made), made.SerializeToString(), 1.0,
                              {"min_probability": cards["crop"]["min_probability"]}, [], ask.day, rows, name)
        crop_card.write(suite, name, made.SerializeToString(), text)
        models[r] = [name + ".json"]
    crop_suite.write(suite, rows, s, every, {n: f["probability"] for n, f in forests.items()}, models, list(COMMITTED))
    crop_vectors.write(os.path.join(ask.repo, "models", "testdata", "crop_features.json"), crop, small)
    crop_report.write(os.path.join(ask.repo, "docs", "evaluation", "crop-training.md"), found, cards, {n: len(f.train) for n, f in every.items()})
    for kind in found:
        for view in ("whole year", "season"):
            v = found[kind]["held_out"][view]
            print(f"{kind}, {view}: held-out OA {v['oa']}, macro-F1 {v['macro_f1']}, ECE {v['ece']}")


if __name__ == "__main__":
    sys.exit(main())
