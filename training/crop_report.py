"""docs/evaluation/crop.md, written from the figures."""
import os

from crop_card import LEAST_F1, LEAST_IN_REGION, LEAST_LABELLED, in_service
from crop_data import CLASSES

VIEWS = ["season", "thinned", "dekad 15", "dekad 18", "dekad 21", "dekad 24"]


def table(head, lines):
    out = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return out + ["| " + " | ".join(str(c) for c in line) + " |" for line in lines] + [""]


def views_table(figures):
    lines = []
    for view in VIEWS:
        line = [view, figures["crop"]["held_out"][view]["rows"]]
        for f in figures.values():
            one = f["held_out"][view]
            line.append(f"{one['oa']:.3f} / {one['macro_f1']:.3f} / {one['ece']:.3f}")
        lines.append(line)
    return table(["shown", "rows", *figures], lines)


def class_table(figures):
    labelled, service = figures["crop"]["labelled"], {
        k: in_service(figures[k]["labelled"], figures[k]["held_out"]["season"]["classes"]) for k in ("crop", "crop-small")}
    lines = []
    for c in CLASSES:
        mine = figures["crop"]["held_out"]["season"]["classes"].get(c)
        if mine is None:
            continue
        f1 = [f["held_out"]["season"]["classes"][c]["f1"] for f in figures.values()]
        where = ", ".join(f"{r} {n}" for r, n in labelled[c].items())
        marks = [k for k in service if c in service[k]]
        lines.append([c, where, mine["support"], f"{mine['precision']:.2f}", f"{mine['recall']:.2f}",
                      *[f"{v:.2f}" for v in f1], ", ".join(marks) or "experimental"])
    return table(["class", "labelled samples", "held-out rows", "precision", "recall",
                  *["F1 " + k for k in figures], "in service"], lines)


def elsewhere_table(elsewhere):
    lines = []
    for region, both in elsewhere.items():
        line = [region, both["crop"]["rows"], len(both["crop"]["classes"])]
        for kind in ("crop", "forest"):
            one = both[kind]
            line.append(f"{one['oa']:.3f} / {one['macro_f1']:.3f} / {one['ece']:.3f} / {one['most_confident_half']:.3f}")
        lines.append(line)
    return table(["region left out", "rows", "classes", "network OA / macro-F1 / ECE / OA of most confident half",
                  "forest"], lines)


def write(path, figures, agree, elsewhere, spectra, sizes, command):
    crop, forest = figures["crop"], figures["forest"]
    season, theirs = crop["held_out"]["season"], forest["held_out"]["season"]
    text = [
        "# Crop recognition: what was measured", "",
        "Written by the training command; do not edit by hand.", "", "```", command, "```", "",
        "Data, licences and the input are described in [training/README.md](../../training/README.md). "
        f"Samples are crop cycles: {sizes['train']} for training, {sizes['validation']} for validation (temperature, threshold), "
        f"{sizes['held']} held out. The split is by 0.1 degree block, so no held-out point lies in a block the networks saw; "
        "but blocks of the same region and year are on both sides. **The last table, where whole regions and years are left out, is nearer to what a new county will see.**", "",
        "Held-out blocks took no part in fitting, in the temperature or in the search for the threshold. But three settings of the augmentation (how far dates are shifted, how many are dropped) "
        "were compared while looking at held-out rows and at curves made from them, and the floor of the threshold was set then: "
        "the held-out figures are a little kinder than those of blocks nobody had looked at. The three differed by less than 0.01 in OA on whole seasons.", "",
        "## Held-out blocks", "",
        "Overall accuracy / macro-F1 / expected calibration error (15 bins). *season*: the whole cycle; *thinned*: about 20 dates a year; "
        "*dekad N*: cut after the N-th ten-day step of the year, rows with four dates by then.", "",
        *views_table(figures),
        f"Against the plain random forest on the same rows and features the network is {season['oa'] - theirs['oa']:+.3f} in OA and "
        f"{season['macro_f1'] - theirs['macro_f1']:+.3f} in macro-F1 on whole seasons. The forest *augmented* got three copies cut and thinned as the networks' samples were.", "",
        *class_table(figures),
        f"In service: at least {LEAST_LABELLED} labelled samples, at least two regions with {LEAST_IN_REGION} each, held-out F1 at least {LEAST_F1}. "
        "*other* is never in service: it is no crop to lend on. F1 on fewer than 30 rows is a rough figure.", "",
        "By source: " + "; ".join(f"{k} OA {v['oa']:.3f}, macro-F1 {v['macro_f1']:.3f} ({v['rows']} rows)" for k, v in crop["by_source"].items()) + ".", "",
        "Confusions of the network (share of the true class's rows):", "",
        *table(["truth", "said", "share", "rows"], [[c["truth"], c["said"], c["share"], c["rows"]] for c in crop["confusions"]]),
        "## Where the network declines", ""]
    for kind in ("crop", "crop-small"):
        k = figures[kind]["kept"]
        text.append(f"- {kind}: `min_probability` {figures[kind]['min_probability']}: keeps {k['held_out']['coverage']:.1%} of held-out rows, "
                    f"{k['held_out']['accuracy']:.1%} right; validation {k['validation']['coverage']:.1%}, {k['validation']['accuracy']:.1%} right.")
    text += ["- both: where both keep a held-out row they name the same crop in " +
             ", ".join(f"{v['same']:.1%} ({k}, {v['rows']} rows)" for k, v in agree.items()) + "."]
    text += ["", "By number of observed dekads, thinned season (network; coverage and accuracy at `min_probability`):", "",
             *table(["dates", "rows", "OA", "kept", "OA of kept"],
                    [[k, v["rows"], f"{v['oa']:.3f}", f"{v['coverage']:.3f}", f"{v['accuracy']:.3f}"] for k, v in crop["by_dates"].items()])]
    weeds = crop["green_spells_before_summer_crops"]
    text += ["", f"Green spells before a summer crop (winter weeds or cover; {weeds['rows']} held-out): called *other* {weeds['other']:.1%}, "
             f"winter_wheat {weeds['winter_wheat']:.1%}.", "",
             "## Whole regions left out", "",
             "A shorter training without the region. Only classes with ten rows inside and outside. "
             "The probability of a network is no warning here: see the most confident half. "
        "An earlier setting with smaller shifts and less thinning gave 0.482, 0.535, 0.461, 0.521, 0.796 and 0.599 (OA, same order): the present one buys "
        "few dates and late crops for one to four points here.", "",
             *elsewhere_table(elsewhere),
             "## Sample spectra", "",
             "`data/sample/spectra.csv` (made from held-out blocks only): " +
             ", ".join(f"{k} ({n} rows, {s})" for k, (n, s) in spectra.items()) + ".", ""]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write("\n".join(text))
