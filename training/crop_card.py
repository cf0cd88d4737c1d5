"""Model cards (models.Card in models/card.go) of the two crop networks."""
import hashlib
import json
import os

import numpy as np

from crop_data import CLASSES
from crop_features import CHANNELS

VERSION = "0.1.0"
LEAST_LABELLED, LEAST_IN_REGION, LEAST_F1 = 100, 10, 0.6
MIN_DATES = 4

DATA = ("Sentinel-2 series (Contains modified Copernicus Sentinel data 2017, 2021, 2023) with public labels: "
        "USDA Cropland Data Layer 2021 (public domain; Arkansas, California; points with confidence >= 95), "
        "AAFC Annual Crop Inventory ground truth 2017 (Open Government Licence - Canada), "
        "French land parcel register RPG 2023 (Licence Ouverte). Series taken from public repositories, not redistributed here. "
        "No Korean or Central Asian rows. ")
COMMAND = "python3 training/train_crop.py --data ../shared/data --out models/shipped"
FAILURES = [
    "No Chinese labels were used: none are public. Accuracy in a Chinese county is unknown; leave-region-out figures are the nearest hint.",
    "In a region unlike the training data accuracy falls steeply and high probability does not warn of it (see leave_region_out).",
    "Triticale, rye and oats ('other') look like winter wheat and barley and are taken for them.",
    "Barley and rapeseed are hardly known; spring wheat, barley and potato come almost only from monthly composites of one year in Canada.",
    "Tree crops other than grapes are all 'other'; young or weedy orchards are taken for grass or grapes.",
    "Before the canopy closes (about dekad 15 for summer crops) soybean, maize, cotton and rice are often confused.",
    "Winter wheat, rice and maize in two crops a year are known only through 67 American points of wheat then soybean or maize.",
]


def labelled_counts(rows, samples):
    """{class: {region: labelled samples}}, weed spells not counted."""
    out = {}
    for c, name in enumerate(CLASSES):
        chosen = samples.row[(samples.label == c) & (samples.weight == 1)]
        regions, n = np.unique(rows.region[chosen].astype(str), return_counts=True)
        out[name] = {r: int(k) for r, k in zip(regions, n)}
    return out


def in_service(counts, classes):
    """The rule: >= 100 labelled, >= 2 regions with >= 10 each, held-out F1 >= 0.6. 'other' is no crop to lend on."""
    out = []
    for name in CLASSES:
        by_region = counts[name]
        regions = sum(1 for n in by_region.values() if n >= LEAST_IN_REGION)
        if (name != "other" and sum(by_region.values()) >= LEAST_LABELLED and regions >= 2
                and classes.get(name, {"f1": 0})["f1"] >= LEAST_F1):
            out.append(name)
    return out


def inputs():
    out = [{"name": b, "unit": "reflectance", "max": 1.2} for b in CHANNELS[:10]]
    out += [{"name": n, "unit": "index", "min": -1, "max": 1} for n in CHANNELS[10:12]]
    return out + [{"name": CHANNELS[12], "unit": "1 = seen, 0 = filled or outside", "max": 1}]


def card(kind, shape, runtimes, operators, onnx_bytes, temperature, found, day):
    """found: the figures of this network (see train_crop.evaluate)."""
    minimum = found["min_probability"]
    return {
        "name": kind, "version": VERSION, "task": "crop", "file": kind + ".onnx",
        "sha256": hashlib.sha256(onnx_bytes).hexdigest(),
        "input_name": "series", "input_shape": shape, "inputs": inputs(),
        "output_name": "probabilities", "output_shape": [len(CLASSES)],
        "outputs": [{"name": c, "unit": "probability", "max": 1} for c in CLASSES],
        "classes": CLASSES, "in_service": in_service(found["labelled"], found["held_out"]["season"]["classes"]),
        "temperature": round(temperature, 4), "min_probability": minimum, "min_dates": MIN_DATES,
        "operators": operators, "runtimes": runtimes,
        "training": DATA + "Command: " + COMMAND,
        "validity": "One crop cycle (emergence to harvest, two dekads on each side) or the whole year of a perennial, on the "
                    "calendar year of its peak; northern mid-latitudes; trained on 2017, 2021 and 2023.",
        "metrics": found, "known_failures": FAILURES, "licence": "Apache-2.0 (weights trained by the project)",
        "owner": "Parus project", "tested": day,
        "notes": {"temperature": "already inside the graph: the output is calibrated, do not apply it again",
                  "layout": "row-major [13][36]: channel by channel, dekad within channel",
                  "min_probability": "lowest threshold (from 0.60 up in 0.05) whose kept rows are >= 90 % right on the validation blocks"},
    }


def write(out, kind, made, text):
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, kind + ".onnx"), "wb") as f:
        f.write(made)
    with open(os.path.join(out, kind + ".json"), "w") as f:
        json.dump(text, f, indent=1, ensure_ascii=False)
        f.write("\n")
