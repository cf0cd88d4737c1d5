#!/usr/bin/env python3
"""Zonal statistics of the real patch by exactextract and numpy, to hold the
statistics of package raster against. Writes raster/gdal/testdata/zonal.csv,
which the test TestStatisticsOfRealParcels reads.

  python3 -m venv --system-site-packages /tmp/zonal   # numpy and osgeo: apt python3-numpy python3-gdal
  /tmp/zonal/bin/pip install exactextract==0.2.2
  /tmp/zonal/bin/python tools/compare_zonal.py ../shared/data/s2s1_patches/BE_00002806639B424A raster/gdal/testdata/zonal.csv

Parcels are moved by (3.7, -4.3) m, because as drawn their edges lie on pixel
edges. Usable: SCL 2, 4, 5, 6, 7 not within one pixel of cloud (8, 9, 10) or
shadow (3), and DN > 0. Weights are exactextract's coverage fractions; the
quantile is the smallest value at which the cumulated weight reaches q.
"""
import csv
import json
import pathlib
import sys

import numpy as np
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from osgeo import gdal

gdal.UseExceptions()
SCENES = ["S2_20180613T105737", "S2_20180715T105300", "S2_20181117T105653"]
BANDS = ["B02", "B04", "B08", "B05", "B8A", "B12"]
MOVE = (3.7, -4.3)


def read(path):
    ds = gdal.Open(str(path))
    t = ds.GetGeoTransform()
    a = ds.ReadAsArray()
    return a, (t[0], t[3] + t[5] * a.shape[0], t[0] + t[1] * a.shape[1], t[3])


def usable20(scl):
    ok = np.isin(scl, [2, 4, 5, 6, 7])
    bad = np.pad(np.isin(scl, [3, 8, 9, 10]), 1)
    near = np.zeros_like(ok)
    for dr in range(3):
        for dc in range(3):
            near |= bad[dr:dr + scl.shape[0], dc:dc + scl.shape[1]]
    return ok & ~near


def quantile(v, w, q):
    order = np.argsort(v, kind="stable")
    c = np.cumsum(w[order])
    return v[order][np.searchsorted(c, q * c[-1] * (1 - 1e-6))]


def moved(features):
    shift = lambda ring: [[x + MOVE[0], y + MOVE[1]] for x, y in ring]
    for f in features:
        g = f["geometry"]
        polys = [g["coordinates"]] if g["type"] == "Polygon" else g["coordinates"]
        yield {"type": "Feature", "properties": {"parcel_id": f["properties"]["parcel_id"]},
               "geometry": {"type": "MultiPolygon", "coordinates": [[shift(r) for r in p] for p in polys]}}


def main(patch, out):
    patch, out = pathlib.Path(patch), pathlib.Path(out)
    parcels = list(moved(json.loads((patch / "labels/parcels_derived.geojson").read_text())["features"]))
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", newline="") as f:
        rows = csv.writer(f, lineterminator="\n")
        rows.writerow("scene_id parcel_id band total count inside mean std min p25 median p75 max".split())
        for scene in SCENES:
            folder = patch / "stac/sentinel-2-l2a" / scene
            mask20 = usable20(read(folder / "SCL.tif")[0])
            for band in BANDS:
                dn, (x0, y0, x1, y1) = read(folder / f"{band}.tif")
                mask = (np.kron(mask20, np.ones((2, 2), bool)) if dn.shape[0] == 2 * mask20.shape[0] else mask20) & (dn > 0)
                source = NumPyRasterSource(np.where(mask, dn / 10000.0, -9.0), xmin=x0, ymin=y0, xmax=x1, ymax=y1)
                for p, r in zip(parcels, exact_extract(source, parcels, ["values", "coverage"], include_cols=["parcel_id"])):
                    r = r["properties"]
                    v, w = np.asarray(r["values"], float), np.asarray(r["coverage"], float)
                    total, keep = w.sum(), v > -9
                    v, w = v[keep], w[keep]
                    row = [scene, r["parcel_id"], band, total, w.sum(), (w > 1 - 1e-7).sum()]
                    if len(v):
                        mean = (v * w).sum() / w.sum()
                        row += [mean, np.sqrt((w * (v - mean) ** 2).sum() / w.sum()), v.min(),
                                quantile(v, w, 0.25), quantile(v, w, 0.5), quantile(v, w, 0.75), v.max()]
                    else:
                        row += [""] * 7
                    rows.writerow([f"{x:.9g}" if isinstance(x, (float, np.floating)) else x for x in row])


if __name__ == "__main__":
    main(*sys.argv[1:])
