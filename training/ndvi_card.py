"""The card of crop-ndvi, and the figures on it."""
import hashlib

import numpy as np

from crop_card import LEAST_F1, LEAST_IN_REGION, LEAST_LABELLED
from crop_evaluate import curve, kept, least_probability, scores, short
from ndvi_data import CLASSES, HIGH, LEAST_DATES, LOW, REGIONS, YEARS
from ndvi_model import WIDTH

NAME, VERSION = "crop-ndvi", "0.1.0"
COMMAND = "python3 training/train_ndvi.py --data ../shared/data --out models/shipped"
DATA = ("16-day NDVI of 5,379 field-surveyed parcels of Uzbekistan and Tajikistan, 2008-2018: R. Remelgado et al., A crop type dataset for consistent land cover "
        "classification in Central Asia, Scientific Data 7:250 (2020), doi:10.1038/s41597-020-00591-2 (CAWa), as redistributed by CropHarvest (NASA Harvest) under CC BY-SA 4.0. "
        "The series come from a coarse sensor, not from Sentinel-2. Trained on blocks of 0.1 degree, others held out. ")
LICENCE = ("CC BY-SA 4.0, share-alike: the weights are derived from the CAWa parcels (CC BY-SA 4.0). Name the source, and give what you derive from this file the same licence. "
           "No other file of Parus is derived from it.")
FAILURES = [
    "No Chinese labels were used. Xinjiang is near in climate, but nothing was measured there.",
    "Learnt from a coarse sensor's 16-day composites, in which a pixel often holds more than the parcel; Sentinel-2 shows purer and steeper curves. The one check on Sentinel-2 "
    "(metrics: america) is of another continent, and it fails there.",
    "NDVI tells little between crops of one calendar: rice, maize, vegetables and cotton are confused, orchards and grapes are taken for cotton or alfalfa, and a second crop after wheat is not named.",
    "It does not say when a place is strange: it has no familiarity. On the American series it is wrong and sure.",
    "Inside the blocks of known regions a random forest of full trees is better; outside it, by year and region, now one and now the other.",
    "Vegetables, grapes, fallow and maize rest on 30 to 100 parcels; other is a handful of crops.",
    "Before dekad 18 summer crops are not told apart.",
    "Dates of snow or cloud in a table of NDVI alone cannot be seen and must be left out before.",
]



def fallen(found):
    """How far figures fall outside the blocks of training, in words."""
    spread = lambda names, k: (lambda v: f"{min(v):.2f} to {max(v):.2f}")([found["held_out"][str(n)][k] for n in names])
    return (f"Accuracy is {found['held_out']['blocks']['oa']:.2f} on held-out blocks, {spread(YEARS, 'oa')} in a year left out and {spread(REGIONS, 'oa')} in a region left out; "
            f"there ECE is {spread(YEARS + REGIONS, 'ece')}.")


def whole(p, labels):
    return scores(p, labels, CLASSES)


def figures(rows, folds, models, forests, america):
    """What stands under metrics."""
    made, fold = models["blocks"], folds["blocks"]
    p, labels = made.probability(rows.ndvi[fold.judge]), rows.label[fold.judge]
    minimum = least_probability(made.probability(rows.ndvi[fold.calibrate]), rows.label[fold.calibrate])
    out = {"min_probability": minimum, "labelled": counts(rows), "held_out": {"blocks": whole(p, labels)}, "random_forest": {"blocks": short(whole(forests["blocks"][0], labels))},
           "kept": kept(p, labels, minimum), "coverage": curve(p, labels)}
    pooled = {"years left out": YEARS, "regions left out": REGIONS}
    for title, names in pooled.items():
        said, wanted, trees = [], [], []
        for n in map(str, names):
            q, t = models[n].probability(rows.ndvi[folds[n].judge]), rows.label[folds[n].judge]
            out["held_out"][n], out["random_forest"][n] = short(whole(q, t)), short(whole(forests[n][0], t))
            said, wanted, trees = said + [q], wanted + [t], trees + [forests[n][0]]
        out["held_out"][title] = whole(np.concatenate(said), np.concatenate(wanted))
        out["random_forest"][title] = short(whole(np.concatenate(trees), np.concatenate(wanted)))
    q = made.probability(america.ndvi)
    out["america"] = {**whole(q, america.label), "kept": kept(q, america.label, minimum), "random_forest": short(whole(forests["blocks"][1], america.label))}
    out["would_meet_the_rule"] = [c for c in CLASSES if meets(c, out)]
    return out


def counts(rows):
    """{class: {region and year: parcels}}."""
    out = {}
    for c, name in enumerate(CLASSES):
        where, n = np.unique([f"{r} {y}" for r, y in zip(rows.region[rows.label == c], rows.year[rows.label == c])], return_counts=True)
        out[name] = {str(w): int(k) for w, k in zip(where, n)}
    return out


def meets(name, found):
    """The numbers of the rule of service: labelled parcels, regions or years, F1 on held-out blocks and with years left out."""
    places = found["labelled"][name]
    return (name not in ("other", "fallow") and sum(places.values()) >= LEAST_LABELLED and sum(n >= LEAST_IN_REGION for n in places.values()) >= 2
            and all(found["held_out"][v]["classes"].get(name, {"f1": 0})["f1"] >= LEAST_F1 for v in ("blocks", "years left out")))


def boxes(rows):
    out = []
    for name in REGIONS:
        at = rows.region == name
        lon, lat = rows.lon[at], rows.lat[at]
        out.append({"name": name, "bbox": [round(float(v), 2) for v in (lon.min() - 0.1, lat.min() - 0.1, lon.max() + 0.1, lat.max() + 0.1)]})
    return out


def card(name, operators, onnx, found, day, rows):
    text = {
        "name": name, "version": VERSION, "task": "crop", "file": name + ".onnx", "sha256": hashlib.sha256(onnx).hexdigest(),
        "input_name": "series", "input_shape": [WIDTH],
        "inputs": [{"name": "NDVI", "unit": "index", "min": LOW, "max": HIGH}, {"name": "span", "unit": "1 = between the first and the last observed dekad", "max": 1}],
        "output_name": "probabilities", "output_shape": [len(CLASSES)], "outputs": [{"name": c, "unit": "probability", "max": 1} for c in CLASSES],
        "classes": CLASSES, "in_service": [], "experimental": CLASSES, "min_probability": found["min_probability"], "min_dates": LEAST_DATES,
        "operators": operators, "runtimes": ["onnx-go", "onnxruntime"], "training": DATA + "Command: " + COMMAND,
        "validity": "Irrigated land of Uzbekistan and Tajikistan, whole calendar years, by NDVI alone; 2008 to 2018. No season of Parus uses it: it is not approved, it answers `parus models run`.",
        "valid_for": {"regions": boxes(rows), "seasons": sorted({str(y) for y in rows.year}), "crops": []},
        "metrics": found, "known_failures": FAILURES, "licence": LICENCE, "owner": "Parus project", "tested": day,
        "notes": {"layout": "row-major [2][36]: NDVI by dekad, then the span", "in_service": "none: the classes under would_meet_the_rule have the numbers that the rule asks "
                  "for, but from another sensor; retrain with a county's own plots before any of them raises a limit",
                  "min_probability": "lowest threshold (from 0.50 up in 0.05) whose kept rows are >= 90 % right on the validation blocks",
                  "classes": "winter_wheat_second_crop: wheat, then in the same year a crop that the survey does not name, or maize, vegetables, broom or sorghum"},
    }
    if "held_out" in found:
        text["known_failures"] = [FAILURES[0], fallen(found), *FAILURES[1:]]
        text["calibration"] = {"method": "one temperature on the validation blocks, inside the graph", "ece": found["held_out"]["blocks"]["ece"], "on": "held-out blocks"}
    return text


def show(found):
    for name, v in found["held_out"].items():
        f = found["random_forest"][name]
        print(f"{name}: {v['rows']} rows, OA {v['oa']}, macro-F1 {v['macro_f1']}, ECE {v['ece']}; forest {f['oa']}, {f['macro_f1']}, {f['ece']}")
    a = found["america"]
    print(f"America, Sentinel-2: {a['rows']} rows, OA {a['oa']}, macro-F1 {a['macro_f1']}, ECE {a['ece']}; forest {a['random_forest']}")
    print("would meet the rule:", found["would_meet_the_rule"], "min_probability", found["min_probability"], found["kept"])
