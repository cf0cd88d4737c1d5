"""docs/evaluation/crop-training.md, written from the figures that the cards hold."""
import os

from crop_card import COMMAND, LEAST_F1, LEAST_IN_REGION, LEAST_LABELLED
from crop_codes import CLASSES


def table(head, lines):
    out = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return out + ["| " + " | ".join(str(c) for c in line) + " |" for line in lines] + [""]


def three(v):
    return f"{v['oa']:.3f} / {v['macro_f1']:.3f} / {v['ece']:.3f}"


def two(v):
    return f"{v['oa']:.3f} / {v['macro_f1']:.3f}"


def gap(v, w):
    return f"{v['oa'] - w['oa']:+.3f} / {v['macro_f1'] - w['macro_f1']:+.3f}"


def views_table(found):
    names = list(found["crop"]["held_out"])
    return table(["shown", "rows", "crop", "crop-small"],
                 [[n, found["crop"]["held_out"][n]["rows"], three(found["crop"]["held_out"][n]),
                   three(found["crop-small"]["held_out"][n]) if n in found["crop-small"]["held_out"] else ""] for n in names])


def class_table(found, cards):
    lines = []
    crop, small, forest = found["crop"]["held_out"], found["crop-small"]["held_out"], found["crop"]["random_forest"]["classes"]
    for c in CLASSES:
        year = crop["whole year"]["classes"].get(c)
        where = ", ".join(f"{r} {n}" for r, n in found["crop"]["labelled"][c].items())
        marks = [k for k in ("crop", "crop-small") if c in cards[k]["in_service"]]
        f1 = lambda v: f"{v[c]['f1']:.2f}" if c in v else ""
        lines.append([c, where, year["support"] if year else 0, f"{year['precision']:.2f}" if year else "", f"{year['recall']:.2f}" if year else "",
                      f1(crop["whole year"]["classes"]), f1(crop["season"]["classes"]), f1(small["season"]["classes"]), f1(forest),
                      ", ".join(marks) or "experimental"])
    return table(["class", "labelled samples", "held-out rows", "precision", "recall", "F1 crop, whole year", "F1 crop, cycle",
                  "F1 crop-small, cycle", "F1 forest, whole year", "in service"], lines)


def regions_table(regions, trained):
    return table(["region left out", "training samples", "rows", "classes", "crop OA / F1 / ECE", "without radar", "forest OA / F1 / ECE", "crop − forest"],
                 [[r, trained[r], v["rows"], v["classes"], three(v["crop"]), two(v["crop_without_radar"]), three(v["forest"]), gap(v["crop"], v["forest"])]
                  for r, v in regions.items()])


def familiar_table(regions):
    lines = []
    for r, v in regions.items():
        f = v["familiarity"]
        text = lambda k: "" if f[k] is None else f"{f[k]:.3f}"
        lines.append([r, text("oa_known"), f"{v['crop']['oa']:.3f}", text("auc"), text("flagged_known"), text("flagged_here"), text("mean_known"),
                      text("mean_here"), text("oa_flagged"), text("oa_not_flagged"), f"{v['most_confident_half']:.3f}"])
    return table(["region left out", "OA known", "OA here", "AUC", "flagged, known", "flagged, here", "mean familiarity, known", "here",
                  "OA of flagged", "OA of the rest", "OA of the most confident half"], lines)


def write(path, found, cards, trained):
    crop, small = found["crop"], found["crop-small"]
    forest, year, inside = crop["random_forest"], crop["held_out"]["whole year"], crop["familiarity"]
    text = [
        "# Crop recognition: figures of the training run", "",
        "Written by the training command; do not edit by hand. `parus models eval` measures the same models through the Go code that runs them, see "
        "[crop.md](crop.md); what was tried on the way is in [crop-trials.md](crop-trials.md). **No figure is given for China: there are no public labels.**", "",
        "```", COMMAND, "```", "",
        "Data, licences, input and split are described in [training/README.md](../../training/README.md). OA / macro-F1 (over the classes present) / ECE (15 bins).", "",
        "## Held-out blocks", "",
        "Blocks of 0.1 degree that took no part in training or calibration; other blocks of the same regions and years did. *season*: one cycle, as a season run shows it; "
        "the others the whole year: complete, thinned to about 20 dates, or cut after the N-th dekad.", "",
        *views_table(found),
        f"A random forest of 500 trees ({forest['kind']}, the better of plain and class-balanced) on the same rows and the same input, whole years: {three(forest)}; "
        f"crop {gap(year, forest)} in OA / macro-F1, crop-small {gap(small['held_out']['whole year'], forest)}.", "",
        "By source (whole year): " + "; ".join(f"{k} {two(v)} ({v['rows']} rows)" for k, v in crop["by_source"].items()) + ".", "",
        "By size of the plot (only the Korean parcels have one): " + "; ".join(f"{k} {two(v)} ({v['rows']} rows)" for k, v in crop["by_size"].items()) + ".", "",
        "By number of clear dates (thinned): " + "; ".join(f"{k} {two(v)} ({v['rows']} rows, kept {v['coverage']:.2f}, of these right {v['accuracy']:.2f})" for k, v in crop["by_dates"].items()) + ".", "",
        *class_table(found, cards),
        f"In service: at least {LEAST_LABELLED} labelled samples, at least two regions or years with {LEAST_IN_REGION} each, held-out F1 at least {LEAST_F1} both on whole "
        "years and on cycles. *other* and *fallow* are never in service: they are no crops to lend on. F1 on fewer than 30 rows is a rough figure.", "",
        "Confusions (share of the true class's rows, from 0.08):", "",
        *table(["truth", "said", "share", "rows"], [[c["truth"], c["said"], c["share"], c["rows"]] for c in crop["confusions"]]),
        "## Where the networks decline", "",
        *[f"- {k}: `min_probability` {found[k]['min_probability']} keeps {found[k]['kept']['coverage']:.1%} of whole years of held-out blocks, {found[k]['kept']['accuracy']:.1%} of them right." for k in found],
        "- coverage and accuracy of crop by threshold: " + "; ".join(f"{v['threshold']}: {v['coverage']:.2f}, {v['accuracy']:.2f}" for v in crop["coverage"] if v["accuracy"] is not None) + ".",
        "- where both keep a row they name the same crop in " + ", ".join(f"{v['same']:.1%} ({k}, {v['rows']})" for k, v in crop["agreement_of_both_networks"].items() if v["same"]) + ".", "",
        f"Green spells before a summer crop ({crop['green_spells_before_summer_crops']['rows']} held out): called *other* {crop['green_spells_before_summer_crops']['other']:.1%}, "
        f"winter wheat {crop['green_spells_before_summer_crops']['winter_wheat']:.1%}.", "",
        "## Whole regions left out", "",
        "A shorter training without the region, its own forest on the same rows. Classes with ten rows inside and outside.", "",
        *regions_table(crop["leave_region_out"], trained),
        "## Unfamiliar regions", "",
        f"A series is flagged below a familiarity of 0.05. On held-out blocks of the regions of training {inside['false_alarms_whole_year']:.1%} of whole years and "
        f"{inside['false_alarms_season']:.1%} of cycles are flagged. There the probability alone keeps {inside['kept_by_probability']['coverage']:.1%} with {inside['kept_by_probability']['accuracy']:.1%} right, "
        f"both keep {inside['kept_by_both']['coverage']:.1%} with {inside['kept_by_both']['accuracy']:.1%} right.", "",
        *familiar_table(crop["leave_region_out"]),
        "AUC: chance that a series of the region left out is less familiar than one of an unseen block of the others.", "",
        "## Neighbours", "",
        "Each answer mixed (0.3) with the mean answer of up to five other points within 2 km, never their labels: a one-layer graph without weights to fit.", "",
        *table(["held out", "rows with neighbours", "alone", "with neighbours", "gain"],
               [[r, v["rows_with_neighbours"], two(v["alone"]), two(v["with_neighbours"]), gap(v["with_neighbours"], v["alone"])] for r, v in crop["neighbours"].items()]),
        verdict(crop["neighbours"]), ""]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write("\n".join(text))


def verdict(graph):
    wins = [r for r, v in graph.items() if v["with_neighbours"]["oa"] > v["alone"]["oa"] + 0.005 and v["with_neighbours"]["macro_f1"] > v["alone"]["macro_f1"]]
    return (f"It is better by more than half a point of OA and not worse in macro-F1 in {len(wins)} of {len(graph)} splits"
            + (f" ({', '.join(wins)})" if wins else "") + ". It is not shipped: the points are drawn sparsely and in clumps of one class, as plots of a county are not, "
            "so what it wins here says little, and an answer that leans on neighbours hides the very plot that differs.")
