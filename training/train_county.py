"""Trains the crop model on with a county's own labelled plots, on top of the public data.

    python3 training/train_county.py --data ../shared/data --table plots.csv --out models-county
    python3 training/train_county.py --data ../shared/data --plots plots.gpkg --observations plots.parquet --label crop --out models-county

It takes the steps of train_crop.py from --work (and makes those it needs), adds the county's rows, trains the networks on for a few
epochs, makes the forest, the calibration and the sense of the familiar anew, and measures on the county's own blocks that were kept
apart. Without coordinates each plot is a block of its own.
"""
import argparse
import datetime
import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import numpy as np

import crop_card
import crop_county
import crop_cycles
import crop_export
import crop_figures
import crop_folds
import crop_model
import train_crop
from crop_augment import Augmenter
from crop_cycles import shown_whole
from crop_data import join
from crop_evaluate import scores
from crop_training import Batches, train

COUNTY_COPIES, COUNTY_WEIGHT, RATE = 6, 3.0, 1e-3


def together(rows, s, pool, county):
    """Public and county rows, samples and copies as one; a county sample weighs as three of the public ones."""
    mine = crop_cycles.samples(county)
    if not len(mine):
        raise SystemExit("none of the county's plots has four clear dates: nothing to learn from")
    group = np.array(["county/" + p for p in crop_folds.split(county)], dtype=object)
    augmenter = Augmenter(county, mine, group, np.random.default_rng(train_crop.SEED))
    copies = np.stack([augmenter.batch(np.arange(len(mine))) for _ in range(COUNTY_COPIES)]).astype(np.float16)
    both = np.concatenate([np.asarray(pool[:COUNTY_COPIES]), copies], axis=1)
    mine.row, mine.weight = mine.row + len(rows), (mine.weight * COUNTY_WEIGHT).astype(np.float32)
    joined = crop_cycles.Samples(*(np.concatenate([getattr(s, k), getattr(mine, k)]) for k in
                                   ("row", "label", "start", "end", "weight", "perennial", "whole")))
    return join([rows, county]), joined, both


def figures(rows, s, model, fold, minimum):
    """On the county's held-out blocks alone."""
    held = fold.judge[rows.source[s.row[fold.judge]] == "county"]
    out = {"min_probability": minimum, "labelled": crop_model.class_counts(rows, s, np.arange(len(s)))}
    if len(held):
        x = shown_whole(rows, s.take(held))
        out["county_held_out"] = scores(model.probability(x), s.label[held])
    return out


def retrain(rows, s, pool, networks, epochs, log=print):
    """(model, fold): networks trained on, everything around them made anew."""
    fold = crop_folds.blocks(rows, s)
    batches = Batches(pool, s.label, s.weight, fold.train, train_crop.SEED)
    networks = [train("cnn", batches, epochs, train_crop.SEED + i, network=n, rate=RATE, log=log) for i, n in enumerate(networks)]
    return crop_model.finish(rows, s, pool, fold, networks, train_crop.SEED), fold


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", required=True, help="folder of the public series")
    ask.add_argument("--table", help="long CSV table with a label")
    ask.add_argument("--plots", help="GeoPackage of plots with a label")
    ask.add_argument("--observations", help="Parquet of `parus observe` on these plots")
    ask.add_argument("--label", default="label", help="column of the crop's name")
    ask.add_argument("--id", default="parcel_id", help="column of the plot's id in the GeoPackage")
    ask.add_argument("--out", required=True, help="folder for the model and its card")
    ask.add_argument("--work", default=os.path.join(train_crop.HERE, ".work"))
    ask.add_argument("--epochs", type=int, default=15)
    ask.add_argument("--day", default=datetime.date.today().isoformat())
    ask = ask.parse_args()
    if bool(ask.table) == bool(ask.plots and ask.observations):
        raise SystemExit("give either --table, or --plots with --observations")
    county = crop_county.read(ask)
    steps, rows, s, pool = train_crop.prepared(ask.work, ask.data)
    names = [f"network {k}" for k in range(len(crop_model.NETWORKS))]
    steps.side_by_side(names, train_crop.step, (ask.work, ask.data), 2)
    rows, s, pool = together(rows, s, pool, county)
    model, fold = retrain(rows, s, pool, [steps.get(n, None) for n in names], ask.epochs)
    found = figures(rows, s, model, fold, crop_figures.thresholds(rows, s, model.probability, fold.calibrate))
    made = crop_export.full(model)
    text = crop_card.card("crop", crop_export.operators(made), made.SerializeToString(), model.temperature[1], found, [], ask.day, rows)
    text["training"] += f" Trained on with {len(county)} plots of a county's own by training/train_county.py."
    text["version"] += "+county"
    del text["approved"]  # a person approves it after reading county_held_out, and writes which classes are in service
    crop_card.write(ask.out, "crop", made.SerializeToString(), text)
    print(found.get("county_held_out", "no block of the county was kept apart: give more plots, or coordinates"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
