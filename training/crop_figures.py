"""The figures of a finished model, as the card tells them."""
import numpy as np

from crop_codes import CLASSES
from crop_cycles import LEAST_DATES, shown, shown_whole
from crop_evaluate import (OTHER, area_under_curve, confusion, curve, kept, least_probability,
                           scores, short, views)
from crop_features import OBSERVED

LEAST_FAMILIAR = 0.05


def thresholds(rows, s, probability, index):
    """The least probability with 90 % right, on whole years and on single cycles of the validation blocks."""
    best = 0.0
    for features in (shown_whole(rows, s.take(index)), shown(rows, s.take(index))):
        enough = features[:, OBSERVED].sum(axis=1) >= LEAST_DATES
        best = max(best, least_probability(probability(features[enough]), s.label[index][enough]))
    return best


def held_out(rows, s, probability, fold, minimum):
    """All views of the held-out blocks; details for the season and the whole year. Cycles of double crops are judged too."""
    held = s.take(fold.judge)
    out = {"held_out": {}, "by_source": {}, "by_dates": {}}
    for name, index, x in views(rows, held):
        p, labels = probability(x), held.label[index]
        found = scores(p, labels)
        out["held_out"][name] = found if name in ("season", "whole year") else short(found)
        if name.startswith("dekad"):
            out["held_out"][name].update(kept(p, labels, minimum))
        if name == "whole year":
            out["confusions"], out["coverage"] = confusion(p, labels), curve(p, labels)
            out["kept"] = kept(p, labels, minimum)
            source = rows.source[held.row[index]]
            for one in sorted(set(source)):
                out["by_source"][one] = short(scores(p[source == one], labels[source == one]))
            area = rows.area[held.row[index]]
            sizes = {"point": ~np.isfinite(area), "below 1 mu": area < 667, "1-3 mu": (area >= 667) & (area < 2000), "from 3 mu": area >= 2000}
            out["by_size"] = {k: short(scores(p[at], labels[at])) for k, at in sizes.items() if at.any()}
        if name == "thinned":
            dates = x[:, OBSERVED].sum(axis=1)
            for word, low, high in (("4-5", 4, 5), ("6-7", 6, 7), ("8-10", 8, 10), ("11+", 11, 36)):
                at = (dates >= low) & (dates <= high)
                if at.any():
                    out["by_dates"][word] = {**short(scores(p[at], labels[at])), **kept(p[at], labels[at], minimum)}
    return out


def weeds(rows, s, probability, index):
    """Green spells before a summer crop, held out: what they are called."""
    said = probability(shown(rows, s.take(index))).argmax(axis=1)
    share = lambda c: round(float((said == c).mean()), 4)
    return {"rows": len(said), "other": share(OTHER), "winter_wheat": share(CLASSES.index("winter_wheat"))}


def elsewhere(rows, s, model, fold, forest):
    """A region left out: accuracy of model and forest, and what familiarity knew."""
    x, labels = shown_whole(rows, s.take(fold.judge)), s.label[fold.judge]
    known = shown_whole(rows, s.take(fold.known))
    p, f, q = model.probability(x), model.familiarity(x), model.familiarity(known)
    pk, right = model.probability(known), p.argmax(axis=1) == labels
    strange = f < LEAST_FAMILIAR
    half = float(np.median(p.max(axis=1)))
    return {
        "rows": len(labels), "classes": int(len(set(labels))), "crop": short(scores(p, labels)), "forest": short(scores(forest, labels)),
        "crop_without_radar": short(scores(model.probability(np.concatenate([x[:, :13], 0 * x[:, 13:]], axis=1)), labels)),
        "most_confident_half": kept(p, labels, half)["accuracy"],
        "familiarity": {
            "auc": round(area_under_curve(q, f), 4), "flagged_here": round(float(strange.mean()), 4),
            "flagged_known": round(float((q < LEAST_FAMILIAR).mean()), 4), "median_here": round(float(np.median(f)), 4),
            "mean_here": round(float(f.mean()), 4), "mean_known": round(float(q.mean()), 4),
            "oa_known": short(scores(pk, s.label[fold.known]))["oa"],
            "oa_flagged": round(float(right[strange].mean()), 4) if strange.any() else None,
            "oa_not_flagged": round(float(right[~strange].mean()), 4) if (~strange).any() else None,
        },
    }




def inside(rows, s, model, fold, minimum):
    """Familiarity on held-out blocks of the training regions: false alarms, and what the reject option gains."""
    x, labels = shown_whole(rows, s.take(fold.judge)), s.label[fold.judge]
    p, f = model.probability(x), model.familiarity(x)
    c = model.familiarity(shown(rows, s.take(fold.judge)))
    return {"false_alarms_whole_year": round(float((f < LEAST_FAMILIAR).mean()), 4),
            "false_alarms_season": round(float((c < LEAST_FAMILIAR).mean()), 4),
            "kept_by_probability": kept(p, labels, minimum), "kept_by_both": kept(p, labels, minimum, f, LEAST_FAMILIAR)}


def near(rows, s, index, degrees=0.02, most=5):
    """For each row of index the places of its nearest other rows within that distance (about 2 km)."""
    lat, lon = rows.lat[s.row[index]], rows.lon[s.row[index]]
    out = []
    for i in range(len(index)):
        away = (lat - lat[i])**2 + ((lon - lon[i]) * np.cos(np.radians(lat[i])))**2
        away[i] = np.inf
        order = np.argsort(away, kind="stable")[:most]
        out.append(order[away[order] < degrees**2])
    return out


def neighbours(rows, s, crop, folds, model_of, share=0.3):
    """The graph option: each plot's answer mixed with the mean of its neighbours' (points within 2 km, never their labels)."""
    out = {}
    for name, fold in folds.items():
        if name.startswith("KOR"):
            continue  # no coordinates
        model = crop if name == "blocks" else model_of(name)
        p, labels = model.probability(shown_whole(rows, s.take(fold.judge))), s.label[fold.judge]
        graph = near(rows, s, fold.judge)
        q = np.stack([(1 - share) * p[i] + share * p[g].mean(axis=0) if len(g) else p[i] for i, g in enumerate(graph)])
        out[name] = {"rows_with_neighbours": int(sum(len(g) > 0 for g in graph)), "alone": short(scores(p, labels)), "with_neighbours": short(scores(q, labels))}
    return out
