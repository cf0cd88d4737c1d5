"""Trains, exports and measures crop-ndvi, the network of NDVI alone for Central Asia (CC BY-SA 4.0); writes card, vectors, suite and page.

    python3 training/train_ndvi.py --data ../shared/data --out models/shipped

A few minutes on one core; steps are kept in --work, --fresh starts again.
"""
import argparse
import datetime
import os
import shutil
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import crop_card
import crop_export
import ndvi_card
import ndvi_data
import ndvi_model
import ndvi_suite
from crop_steps import Steps

SEED = 20240715
LACKS = "crop-ndvi with years and regions left out: `make -C training ndvi` trains these models (some minutes)."
HERE = os.path.dirname(os.path.abspath(__file__))


def step(name, work, data):
    """'model FOLD' or 'forest FOLD'."""
    steps, rows = Steps(work), ndvi_data.read(data)
    what, _, of = name.partition(" ")
    fold = ndvi_data.folds(rows)[of]
    if what == "model":
        return steps.get(name, lambda: ndvi_model.build(rows, fold, SEED)) and None
    judged = [rows.ndvi[fold.judge]] + ([ndvi_data.america(data).ndvi] if of == "blocks" else [])
    return steps.get(name, lambda: ndvi_model.forest(rows, fold, judged, SEED)) and None


def main():
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--data", required=True, help="folder with crop_series_central_asia and crop_series_us")
    ask.add_argument("--out", help="folder of the shipped models")
    ask.add_argument("--repo", default=os.path.dirname(HERE), help="where models/testdata lies")
    ask.add_argument("--work", default=os.path.join(HERE, ".work", "ndvi"), help="kept steps")
    ask.add_argument("--suite", default=os.path.join(HERE, ".work", "suite-ndvi"), help="what `parus models eval` measures")
    ask.add_argument("--jobs", type=int, default=2, help="processes")
    ask.add_argument("--fresh", action="store_true", help="forget kept steps")
    ask.add_argument("--suite-only", action="store_true", help="no training: what `parus models eval` needs to measure the shipped model on held-out blocks")
    ask.add_argument("--day", default=datetime.date.today().isoformat(), help="day written on the card")
    parser, ask = ask, ask.parse_args()
    if ask.fresh:
        shutil.rmtree(ask.work, ignore_errors=True)
    steps, rows, america = Steps(ask.work), ndvi_data.read(ask.data), ndvi_data.america(ask.data)
    folds = ndvi_data.folds(rows)
    if ask.suite_only:
        step("forest blocks", ask.work, ask.data)
        return ndvi_suite.write(ask.suite, rows, {"blocks": folds["blocks"]}, {"blocks": steps.get("forest blocks", None)}, america, LACKS)
    if not ask.out:
        parser.error("--out is missing: the folder of the shipped models")
    steps.side_by_side([f"{what} {name}" for name in folds for what in ("model", "forest")], step, (ask.work, ask.data), ask.jobs)
    models = {n: steps.get("model " + n, None) for n in folds}
    forests = {n: steps.get("forest " + n, None) for n in folds}
    found = ndvi_card.figures(rows, folds, models, forests, america)

    def put(folder, name, made, figures):
        onnx = made.SerializeToString()
        crop_card.write(folder, name, onnx, ndvi_card.card(name, crop_export.operators(made), onnx, figures, ask.day, rows))
    put(ask.out, ndvi_card.NAME, ndvi_model.onnx_of(models["blocks"]), found)
    for name in folds:
        if name != "blocks":
            put(ask.suite, "ndvi-without-" + name.lower(), ndvi_model.onnx_of(models[name]), {"min_probability": found["min_probability"]})
    ndvi_suite.write(ask.suite, rows, folds, forests, america)
    ndvi_suite.vectors(os.path.join(ask.repo, "models", "testdata", "crop_ndvi.json"), models["blocks"], rows.line[folds["blocks"].judge])
    ndvi_card.show(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
