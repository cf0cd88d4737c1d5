#!/usr/bin/env python3
"""Holds the statistics of package raster against exactextract, polygon by polygon.

  go run ./tools/bench make && go run ./tools/bench exact
  tools/compare_exactextract.py [FOLDER]        # default: PARUS_BENCH_DIR, else ~/.cache/parus/bench

Needs exactextract 0.2.2, numpy, pandas, rasterio, geopandas. Two dates of the
workload: one clear everywhere, and one with cloud, whose pixels are left out as
MODELS says: usable is SCL 2, 4, 5, 6, 7 not within one pixel of cloud (8, 9, 10)
or shadow (3), and DN > 0.

exactextract gives each polygon's pixels and their coverage (float32); totals,
means, deviations and quantiles are taken of these in float64. A quantile q is
the smallest value at which the cumulated weight reaches q of the sum; since the
weights are known to 1e-7 only, any value that q ± 1e-6 leads to is accepted.
On the clear date the mean, deviation, count, minimum and maximum that exactextract
computes itself are compared too. Prints the largest difference of each with the
polygon it is of; ends with 1 where one lies beyond its tolerance.
"""
import os
import pathlib
import sys

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import geopandas
import numpy as np
import pandas
import rasterio
from exactextract import exact_extract
from exactextract.feature import GeoPandasFeatureSource
from exactextract.raster import NumPyRasterSource

BANDS = {10: ["B02", "B03", "B04", "B08"], 20: ["B05", "B06", "B07", "B8A", "B11", "B12"]}
# Pixels with less of them inside the polygon than this may be seen by one of the
# two only: exactextract rounds coverage to float32 and Parus takes fractions
# under 1e-12 for rounding.
THIN = 1e-7
TOLERANCE = {"total": 2e-7, "count": 2e-7, "mean": 1e-6, "std": 1e-5, "min": 0, "max": 0, "p25": 0, "median": 0, "p75": 0}
QUANTILES = {"p25": 0.25, "median": 0.5, "p75": 0.75}
SLACK = 1e-6

failures = 0


def say(label, name, diff, ids, tolerance, note=""):
    """Prints the largest difference; beyond the tolerance it counts as failure."""
    global failures
    if len(diff) == 0:
        print(f"  {name:<10} nothing to compare")
        failures += 1
        return
    diff = np.nan_to_num(diff, nan=np.inf)
    k = int(np.argmax(diff))
    bad = int((diff > tolerance).sum())
    failures += bad
    print(f"  {name:<10} largest difference {diff[k]:.2e} ({label} {ids[k]}), tolerance {tolerance:g}"
          f"{': ' + str(bad) + ' BEYOND IT' if bad else ''}{note}")


def relative(a, b, floor=0.0):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(a == b, 0.0, np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), floor))


class Pixels:
    """The pixels of all polygons on one grid, one after another."""

    def __init__(self, cell, weight, count):
        self.cell, self.weight = cell, weight
        self.owner = np.repeat(np.arange(len(count)), count)
        self.n = len(count)

    def sums(self, v):
        return np.bincount(self.owner, weights=v, minlength=self.n)

    def only(self, keep):
        p = Pixels.__new__(Pixels)
        p.cell, p.weight, p.owner, p.n = self.cell[keep], self.weight[keep], self.owner[keep], self.n
        return p

    def statistics(self, band):
        """The statistics of the band (flat array of DN) by polygon, and bounds of the quantiles."""
        v = band[self.cell].astype(float)
        out = {"count": self.sums(self.weight)}
        with np.errstate(invalid="ignore", divide="ignore"):
            out["mean"] = self.sums(self.weight * v) / out["count"]
            out["std"] = np.sqrt(self.sums(self.weight * (v - out["mean"][self.owner]) ** 2) / out["count"])
        order = np.lexsort((v, self.owner))
        v, w, owner = v[order], self.weight[order], self.owner[order]
        first = np.searchsorted(owner, np.arange(self.n))
        last = np.searchsorted(owner, np.arange(self.n), side="right")
        some = last > first
        cumulated = np.cumsum(w)
        before = np.where(first > 0, cumulated[first - 1], 0.0)
        share = (cumulated - before[owner]) / np.maximum(out["count"][owner], 1e-300) + owner  # grows all along
        out["min"], out["max"] = np.full(self.n, np.nan), np.full(self.n, np.nan)
        out["min"][some], out["max"][some] = v[first[some]], v[last[some] - 1]
        for name, q in QUANTILES.items():
            for suffix, off in (("", -1e-9), ("_low", -SLACK), ("_high", SLACK)):
                at = np.searchsorted(share, np.arange(self.n) + q + off)
                x = v[np.minimum(np.maximum(at, first), last - 1)[some]]
                out[name + suffix] = np.full(self.n, np.nan)
                out[name + suffix][some] = x
        return out


def read(path):
    with rasterio.open(path) as ds:
        return ds.read(1), ds.bounds, ds.crs.wkt


def usable20(scl):
    ok = np.isin(scl, [2, 4, 5, 6, 7])
    bad = np.pad(np.isin(scl, [3, 8, 9, 10]), 1)
    for dr in range(3):
        for dc in range(3):
            ok &= ~bad[dr:dr + scl.shape[0], dc:dc + scl.shape[1]]
    return ok


def compare_coverage(folder, res, fields, path):
    """Compares coverage pixel by pixel; gives both tools' pixels."""
    dn, b, wkt = read(path)
    src = NumPyRasterSource(dn, b.left, b.bottom, b.right, b.top, srs_wkt=wkt)
    got = exact_extract(src, GeoPandasFeatureSource(fields), ["cell_id", "coverage", "values"], include_cols=["parcel_id"])
    got = [f["properties"] for f in got]
    if [f["parcel_id"] for f in got] != list(fields.parcel_id):
        raise SystemExit("exactextract gave the polygons in another order")
    count = np.array([len(f["cell_id"]) for f in got])
    theirs = Pixels(np.concatenate([f["cell_id"] for f in got]).astype(np.int64), np.concatenate([f["coverage"] for f in got]).astype(float), count)
    values = np.concatenate([f["values"] for f in got])
    if not np.array_equal(dn.ravel()[theirs.cell], values):
        raise SystemExit("exactextract's values are not those of its cells")
    base = folder / f"exact/{res}"
    ours = Pixels(np.fromfile(f"{base}.cell", "<i4").astype(np.int64), np.fromfile(f"{base}.fraction", "<f8"), np.fromfile(f"{base}.count", "<i8"))
    key_o, key_t = (p.owner * dn.size + p.cell for p in (ours, theirs))
    both_o, both_t = np.isin(key_o, key_t, assume_unique=True), np.isin(key_t, key_o, assume_unique=True)
    so, st = np.argsort(key_o[both_o]), np.argsort(key_t[both_t])
    diff = np.abs(ours.weight[both_o][so] - theirs.weight[both_t][st])
    ids = fields.parcel_id.to_numpy()
    print(f"{res} m: {len(ids)} polygons, {len(ours.cell)} pixels by Parus, {len(theirs.cell)} by exactextract")
    say("polygon", "fraction", diff, ids[ours.owner[both_o][so]], 2e-7, " of a pixel")
    for who, p, alone in (("Parus", ours, ~both_o), ("exactextract", theirs, ~both_t)):
        w = p.weight[alone]
        top = f", largest fraction {w.max():.1e} ({ids[p.owner[alone][np.argmax(w)]]})" if len(w) else ""
        print(f"  {len(w)} pixels seen by {who} alone{top}")
        global failures
        failures += int((w >= THIN).sum())
    return ours, theirs


def compare(fields, ours_table, res, theirs, ours_px, folder, usable, date):
    ids = fields.parcel_id.to_numpy()
    for band in BANDS[res]:
        dn = read(folder / f"scene/{band}.tif")[0].ravel()
        keep = usable & (dn > 0)
        want = theirs.only(keep[theirs.cell]).statistics(dn)
        want["total"] = theirs.sums(theirs.weight)
        t = ours_table[ours_table.band == band].set_index("parcel_id").reindex(ids)
        rows = t.total.notna().to_numpy()
        print(f"{date}, {band}: {rows.sum()} polygons, {int((want['count'] > 0).sum())} with usable pixels")
        if (~rows & (want["total"] > THIN)).any():
            print("  polygons without a row although they cover pixels")
            global failures
            failures += 1
        for name in ("total", "count"):
            say("polygon", name, relative(t[name].to_numpy()[rows], want[name][rows]), ids[rows], TOLERANCE[name])
        scale = {k: t[k].to_numpy() * 10000 for k in ("mean", "std", "min", "p25", "median", "p75", "max")}
        full = rows & (want["count"] >= 1)
        say("polygon", "mean", relative(scale["mean"], want["mean"])[full], ids[full], TOLERANCE["mean"])
        say("polygon", "std", relative(scale["std"], want["std"], 1e-3)[full], ids[full], TOLERANCE["std"])
        some = rows & (want["count"] > THIN)
        thin_less = theirs.only(keep[theirs.cell] & (theirs.weight >= THIN)).statistics(dn)
        thin_more = ours_px.only(keep[ours_px.cell]).statistics(dn)
        for name in ("min", "max"):
            off = np.abs(np.rint(scale[name]) - want[name])
            thin = (off > 0) & ((np.rint(scale[name]) == thin_less[name]) | (np.rint(scale[name]) == thin_more[name]))
            off[thin] = 0
            say("polygon", name, off[some], ids[some], 0, f"; {int((thin & some).sum())} explained by pixels thinner than {THIN:g}")
        for name in QUANTILES:
            x = np.rint(scale[name])
            off = np.maximum(np.maximum(want[name + "_low"] - x, x - want[name + "_high"]), 0)
            say("polygon", name, off[some], ids[some], 0, f"; {int(((x != want[name]) & (off == 0))[some].sum())} others by weights within {SLACK:g}")
    return rows


def compare_own(fields, ours_table, res, folder):
    """exactextract's own operations on the clear date."""
    ids = fields.parcel_id.to_numpy()
    for band in BANDS[res]:
        dn, b, wkt = read(folder / f"scene/{band}.tif")
        src = NumPyRasterSource(dn, b.left, b.bottom, b.right, b.top, srs_wkt=wkt, nodata=0)
        want = exact_extract(src, GeoPandasFeatureSource(fields), ["count", "mean", "stdev", "min", "max"], include_cols=["parcel_id"], output="pandas")
        t = ours_table[ours_table.band == band].set_index("parcel_id").reindex(ids)
        full = t["count"].to_numpy() >= 1
        print(f"clear, {band}: against the operations of exactextract, {full.sum()} polygons of a pixel or more")
        say("polygon", "count", relative(t["count"].to_numpy(), want["count"].to_numpy())[full], ids[full], TOLERANCE["count"])
        say("polygon", "mean", relative(t["mean"].to_numpy() * 1e4, want["mean"].to_numpy())[full], ids[full], TOLERANCE["mean"])
        say("polygon", "std", relative(t["std"].to_numpy() * 1e4, want["stdev"].to_numpy(), 1e-3)[full], ids[full], TOLERANCE["std"])


def main():
    home = os.environ.get("PARUS_BENCH_DIR") or os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "parus", "bench")
    if os.environ.get("PARUS_BENCH_QUICK"):
        home = os.path.join(home, "quick")
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else home)
    fields = geopandas.read_file(folder / "exact/mixed.gpkg")
    if not fields.geometry.is_valid.all():
        raise SystemExit("some polygons are not valid: " + ", ".join(fields.parcel_id[~fields.geometry.is_valid][:5]))
    tables = {date: pandas.read_csv(folder / f"exact/{date}.csv") for date in ("clear", "date")}
    for res in BANDS:
        ours, theirs = compare_coverage(folder, res, fields, folder / f"scene/{BANDS[res][0]}.tif")
        area = fields.geometry.area.to_numpy() / res**2
        x0, y0, x1, y1 = read(folder / "scene/SCL.tif")[1]
        inside = fields.geometry.within(geopandas.GeoSeries.from_wkt([f"POLYGON(({x0} {y0},{x1} {y0},{x1} {y1},{x0} {y1},{x0} {y0}))"])[0]).to_numpy()
        say("polygon", "area", relative(ours.sums(ours.weight), area)[inside], fields.parcel_id.to_numpy()[inside], 1e-9, f"; sum of coverage against the polygon's area by GEOS, {int(inside.sum())} polygons, {int((~inside).sum())} cross the image edge")
        for date, scl in (("clear", "CLEAR"), ("date", "SCL")):
            usable = usable20(read(folder / f"scene/{scl}.tif")[0])
            if res == 10:
                usable = np.kron(usable, np.ones((2, 2), bool))
            compare(fields, tables[date], res, theirs, ours, folder, usable.ravel(), date)
        compare_own(fields, tables["clear"], res, folder)
    print("FAILED: %d values beyond their tolerance" % failures if failures else "all within their tolerances")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
