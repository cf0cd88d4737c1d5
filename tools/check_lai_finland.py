#!/usr/bin/env python3
"""Hold the shipped LAI and FAPAR networks against an independent port of SNAP's
biophysical processor: four fields in Finland, Sentinel-2 L2A of 2019, values
computed by satellitetools (MIT) and kept in its example files.

  /usr/bin/python3 tools/check_lai_finland.py ../shared/data/lai_reference_finland models/shipped [--rows]

The Gemm, Tanh, Gemm of the ONNX files run here as plain float32 numpy. --rows
prints sample rows for models/growth_finland_test.go. Needs numpy, netCDF4, onnx
(apt python3-numpy python3-netcdf4 python3-onnx).
"""
import json
import pathlib
import sys

import netCDF4
import numpy as np
import onnx
from onnx import numpy_helper

BANDS = ["B3", "B4", "B5", "B6", "B7", "B8A", "B11", "B12"]


def network(folder, name):
    """The file's function: inputs n x 11 to n outputs, before any clamping."""
    w = {i.name: numpy_helper.to_array(i) for i in onnx.load(folder / f"{name}.onnx").graph.initializer}
    return lambda x: (np.tanh(x.astype(np.float32) @ w["w1"] + w["b1"]) @ w["w2"] + w["b2"]).ravel().astype(float)


def values(d, name):
    return np.ma.filled(np.ma.asarray(d[name][:], dtype=np.float64), np.nan)


def pixels(path):
    """Inputs n x 11, LAI, FAPAR, SCL, time index; pixels with every band."""
    d = netCDF4.Dataset(path)
    names = [str(b) for b in d["band"][:]]
    if names != BANDS:
        raise SystemExit(f"{path}: bands are {names}, wanted {BANDS}")
    bands = np.moveaxis(values(d, "band_data"), 1, -1)
    rad = {k: np.radians(values(d, k)) for k in ("view_zenith", "sun_zenith", "sun_azimuth", "view_azimuth")}
    angles = np.stack([np.cos(rad["view_zenith"]), np.cos(rad["sun_zenith"]), np.cos(rad["sun_azimuth"] - rad["view_azimuth"])], -1)
    x = np.concatenate([bands, np.broadcast_to(angles[:, None, None, :], bands.shape[:3] + (3,))], -1).reshape(-1, 11)
    when = np.broadcast_to(np.arange(len(bands))[:, None, None], bands.shape[:3]).ravel()
    keep = np.isfinite(x).all(1)
    return x[keep], values(d, "lai").ravel()[keep], values(d, "fapar").ravel()[keep], values(d, "SCL").ravel()[keep], when[keep]


def clamp(y, card):
    """The published output rule: beyond the range by at most the tolerance is set
    to the range's end, further is no value."""
    lo, hi, tol = card["outputs"][0].get("min", 0), card["outputs"][0]["max"], card["tolerance"]
    return np.where((y < lo - tol) | (y > hi + tol), np.nan, np.clip(y, lo, hi))


def line(name, kind, diff):
    if not len(diff):
        return f"| {name} | {kind} | 0 | | | | |"
    return (f"| {name} | {kind} | {len(diff)} | {np.median(diff):.1e} | {diff.max():.1e} |"
            f" {(diff <= 1e-2).mean():.4f} | {(diff <= 1e-3).mean():.4f} |")


def main():
    source, shipped = map(pathlib.Path, sys.argv[1:3])
    all_x, lais, faps, scls, whens, files = [], [], [], [], [], []
    for path in sorted(source.glob("*.nc")):
        x, lai, fap, scl, when = pixels(path)
        all_x.append(x), lais.append(lai), faps.append(fap), scls.append(scl), whens.append(when)
        files += [path.stem] * len(x)
    x, scl, when, files = np.concatenate(all_x), np.concatenate(scls), np.concatenate(whens), np.array(files)
    want = {"lai": np.concatenate(lais), "fapar": np.concatenate(faps)}
    print(f"{len(x)} pixels with all bands, {len(set(zip(files, when)))} fields and dates\n")
    print("| output | pixels | n | median difference | largest | within 0.01 | within 0.001 |\n|---|---|---|---|---|---|---|")
    got = {}
    for name in ("lai", "fapar"):
        card = json.loads((shipped / f"{name}.json").read_text())
        raw, w = network(shipped, name)(x), want[name]
        got[name] = y = clamp(raw, card)
        lo, hi = card["outputs"][0].get("min", 0), card["outputs"][0]["max"]
        both = np.isfinite(y) & np.isfinite(w)
        diff = np.abs(y - w)
        inside = both & (raw > lo) & (raw < hi)
        print(line(name, "both give a value", diff[both]))
        print(line(name, "inside the range", diff[inside]))
        print(line(name, "clamped here", diff[both & ~inside]))
        print(line(name, "SCL 4 or 5", diff[both & np.isin(scl, (4, 5))]))
        only = np.isfinite(y) & ~np.isfinite(w), ~np.isfinite(y) & np.isfinite(w)
        print(f"| {name} | only here / only there / neither | {only[0].sum()} / {only[1].sum()} / {(~np.isfinite(y) & ~np.isfinite(w)).sum()} | | | | |")
        # What the angles of Parus cost: nadir view, unknown azimuth (models/growth.go).
        n = x.copy()
        n[:, 8], n[:, 10] = 1, 0
        moved = np.abs(clamp(network(shipped, name)(n), card) - w)
        print(line(name, "nadir view as in a season run", moved[np.isfinite(moved) & np.isfinite(w)]))
    if "--rows" in sys.argv:
        rows(x, want, scl, files, when)


def rows(x, want, scl, files, when):
    """A dozen rows that span LAI, drawn at even ranks among vegetated and bare
    pixels, inputs to 5 digits."""
    ok = np.flatnonzero(np.isfinite(want["lai"]) & np.isfinite(want["fapar"]) & np.isin(scl, (4, 5)))
    order = ok[np.argsort(want["lai"][ok], kind="stable")]
    for i in order[np.linspace(0, len(order) - 1, 12).astype(int)]:
        cells = ", ".join(f"{v:.5g}" for v in x[i])
        print(f"\t{{models.GrowthInput{{{cells}}}, {want['lai'][i]:.5g}, {want['fapar'][i]:.5g}}}, // {files[i]}, date {when[i] + 1}")


if __name__ == "__main__":
    main()
