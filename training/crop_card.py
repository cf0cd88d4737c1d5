"""Model cards (models.Card in models/card.go) of the crop networks."""
import hashlib
import json
import os

import numpy as np

from crop_codes import CLASSES
from crop_cycles import LEAST_DATES
from crop_features import CHANNELS

VERSION = "0.2.0"
LEAST_LABELLED, LEAST_IN_REGION, LEAST_F1 = 100, 10, 0.6
LEAST_RADAR = 8  # dekads of radar that are enough without optics
LEAST_FAMILIAR = 0.05  # false alarms inside the regions of training, by construction of the rank

DATA = ("Sentinel-1 and Sentinel-2 series (contains modified Copernicus Sentinel data 2017-2023) with public labels: "
        "USDA Cropland Data Layer 2021 (public domain; Arkansas, California; points with confidence >= 95), "
        "AAFC Annual Crop Inventory ground truth 2017 (Open Government Licence - Canada), "
        "French land parcel register RPG 2023 (Licence Ouverte), WorldCereal points of Africa 2017 and of the world 2018-2021 "
        "(WorldCereal, MIT repository; land parcel registers and field surveys as listed in training/README.md), "
        "Korean parcels 2021-2022 (MIT repository, provenance not documented). "
        "Series taken from public repositories, not redistributed here. No share-alike source. ")
COMMAND = "python3 training/train_crop.py --data ../shared/data --out models/shipped"
FAILURES = [
    "No Chinese labels were used: none are public. No figure is given for China's rice, apple, kiwi or any other crop; the tables of regions left out are the nearest hint.",
    "In a region unlike the training data accuracy falls steeply; familiarity warns of strange series, not of every error.",
    "Classes with few samples (see labelled) are guesses: kiwi, sugar beet, pistachio, oats, rye, legumes, peach, plum, olive, vegetables. Garlic, sesame, pepper, kiwi and greenhouses come from Korean parcels alone, whose provenance is not documented.",
    "Tree crops are confused with each other and with grapes; young or weedy orchards are taken for grass or fallow.",
    "Barley, oats and rye look like wheat of the same season and are taken for it.",
    "Sorghum and maize are confused in the monthly African series.",
    "Before the canopy closes (about dekad 15 for summer crops) soybean, maize, cotton and rice are often confused.",
    "Two crops a year are known only through 67 American points of wheat then soybean or maize.",
    "Radar was seen with Canadian, French, African and global points only; spring wheat, barley, oats and potato come almost only from monthly composites of one year in Canada.",
]


def place(region):
    """What counts as a region of its own for the rule: halves of one set do not."""
    return region if region.startswith("CAN") else region.rsplit("-", 1)[0] if region.count("-") and not region[-2:].isupper() else region


def in_service(counts, *views):
    """The rule: >= 100 labelled, >= 2 regions with >= 10 each, held-out F1 >= 0.6 in every view given. 'other' is no crop to lend on."""
    out = []
    for name in CLASSES:
        places = {}
        for region, n in counts[name].items():
            places[place(region)] = places.get(place(region), 0) + n
        wide = sum(1 for n in places.values() if n >= LEAST_IN_REGION)
        if (name not in ("other", "fallow") and sum(places.values()) >= LEAST_LABELLED and wide >= 2
                and all(v.get(name, {"f1": 0})["f1"] >= LEAST_F1 for v in views)):
            out.append(name)
    return out


def inputs():
    out = [{"name": b, "unit": "reflectance", "max": 1.2} for b in CHANNELS[:10]]
    out += [{"name": n, "unit": "index", "min": -1, "max": 1} for n in CHANNELS[10:12]]
    out += [{"name": CHANNELS[12], "unit": "1 = seen, 0 = filled or outside", "max": 1}]
    out += [{"name": n, "unit": "(dB + 15) / 10", "min": -3, "max": 3} for n in CHANNELS[13:15]]
    return out + [{"name": CHANNELS[15], "unit": "1 = seen, 0 = filled or outside", "max": 1}]


def outputs(kind):
    out = [{"name": c, "unit": "probability", "max": 1} for c in CLASSES]
    if kind == "crop":
        out.append({"name": "familiarity", "unit": "share of known series that lie farther from training", "max": 1})
    return out


def boxes(rows):
    """Name and box (west, south, east, north) of every region of training that has coordinates and is one place."""
    out = []
    names = np.array([place(r) for r in rows.region], dtype=object)
    for name in sorted(set(names) - {"GLO"}):
        at = (names == name) & np.isfinite(rows.lat)
        if at.any():
            lon, lat = rows.lon[at], rows.lat[at]
            out.append({"name": name, "bbox": [round(float(v), 2) for v in (lon.min() - 0.1, lat.min() - 0.1, lon.max() + 0.1, lat.max() + 0.1)]})
    return out


def card(kind, operators, onnx_bytes, temperature, found, service, day, rows, name=None):
    """found: what goes under metrics. name: of a model that is not shipped."""
    name = name or kind
    served = outputs(kind)
    text = {
        "name": name, "version": VERSION, "task": "crop", "file": name + ".onnx",
        "sha256": hashlib.sha256(onnx_bytes).hexdigest(),
        "input_name": "series", "input_shape": [len(CHANNELS), 36] if kind == "crop" else [len(CHANNELS) * 36], "inputs": inputs(),
        "output_name": "probabilities", "output_shape": [len(served)], "outputs": served,
        "classes": CLASSES, "in_service": service, "experimental": [c for c in CLASSES if c not in service],
        "temperature": round(temperature, 4), "min_probability": found["min_probability"], "min_dates": LEAST_DATES,
        "operators": operators, "runtimes": ["onnxruntime"] if kind == "crop" else ["onnx-go", "onnxruntime"],
        "training": DATA + "Command: " + COMMAND,
        "validity": "One crop cycle (emergence to harvest, two dekads on each side), the whole year of a perennial or of a field with one "
                    "main crop, complete or so far, by optical dates, by radar or both; northern mid-latitudes best; trained on 2017 to 2023.",
        "valid_for": {"regions": boxes(rows), "seasons": sorted({str(y) for y in rows.year}), "crops": service},
        "metrics": found, "known_failures": FAILURES, "licence": "Apache-2.0 (weights trained by the project)",
        "owner": "Parus project", "tested": day, "approved": day,
        "notes": {"temperature": "already inside the graph: the output is calibrated, do not apply it again",
                  "layout": "row-major [16][36]: channel by channel, dekad within channel",
                  "min_probability": "lowest threshold (from 0.50 up in 0.05) whose kept rows are >= 90 % right on the validation blocks"},
    }
    if "held_out" in found:
        text["calibration"] = {"method": "temperatures on the validation blocks (whole years; parts of years), inside the graph",
                               "ece": found["held_out"]["whole year"]["ece"], "on": "whole years of the held-out blocks"}
    if kind == "crop":
        text["min_radar_dates"] = LEAST_RADAR
        text["min_familiarity"] = LEAST_FAMILIAR
        text["familiarity"] = {"method": "rank of the sum of the distances from the training series (inner layer; season's statistics) and of the "
                                         "disagreement of networks and forest, inside the graph", "false_alarm": 0.05}
        if "leave_region_out" in found:
            text["familiarity"]["false_alarm"] = found["familiarity"]["false_alarms_whole_year"]
            text["familiarity"]["power"] = {r: v["familiarity"]["flagged_here"] for r, v in found["leave_region_out"].items()}
        text["notes"]["min_familiarity"] = "by construction 5 % of series from unseen blocks of the training regions fall below"
    return text


def write(out, name, made, text):
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, name + ".onnx"), "wb") as f:
        f.write(made)
    with open(os.path.join(out, name + ".json"), "w") as f:
        json.dump(text, f, indent=1, ensure_ascii=False)
        f.write("\n")
