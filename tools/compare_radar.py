#!/usr/bin/env python3
"""Sentinel-1 statistics of the real patches by exactextract and numpy, to hold
ObserveRadar of package raster against. Writes raster/gdal/testdata/radar.csv,
which the test TestRadarOfRealParcels reads.

  python3 -m venv --system-site-packages /tmp/zonal   # numpy and osgeo: apt python3-numpy python3-gdal
  /tmp/zonal/bin/pip install exactextract==0.2.2
  /tmp/zonal/bin/python tools/compare_radar.py ../shared/data/s2s1_patches raster/gdal/testdata/radar.csv

Parcels are moved by (3.7, -4.3) m, because as drawn their edges lie on pixel
edges. The files hold whole numbers of 0.0001 dB, 0 = no data. The mean is that
of linear power, in dB; std is the weighted population deviation of the pixels'
dB; the quantile is the smallest value at which the cumulated weight reaches q.
"""
import csv
import json
import pathlib
import sys

import numpy as np
from exactextract import exact_extract
from exactextract.raster import NumPyRasterSource
from osgeo import gdal

from compare_zonal import moved, quantile, read

EVERY = 12  # of the patch's dates in order


def main(root, out):
    root, out = pathlib.Path(root), pathlib.Path(out)
    with out.open("w", newline="") as f:
        rows = csv.writer(f, lineterminator="\n")
        rows.writerow("patch scene_id parcel_id band total count inside mean std min p25 median p75 max".split())
        for patch in sorted(p for p in root.iterdir() if (p / "stac/sentinel-1-grd").is_dir()):
            parcels = list(moved(json.loads((patch / "labels/parcels_derived.geojson").read_text())["features"]))
            scenes = sorted(p for p in (patch / "stac/sentinel-1-grd").iterdir() if p.is_dir())
            for folder in scenes[::EVERY]:
                for band in ["VV", "VH"]:
                    raw, (x0, y0, x1, y1) = read(folder / f"{band}.tif")
                    db = np.where(raw == 0, -9999.0, raw * 0.0001)
                    source = NumPyRasterSource(db, xmin=x0, ymin=y0, xmax=x1, ymax=y1)
                    for r in exact_extract(source, parcels, ["values", "coverage"], include_cols=["parcel_id"]):
                        r = r["properties"]
                        v, w = np.asarray(r["values"], float), np.asarray(r["coverage"], float)
                        total, keep = w.sum(), v > -9000
                        v, w = v[keep], w[keep]
                        mean = (v * w).sum() / w.sum()
                        rows.writerow([patch.name, folder.name, r["parcel_id"], band] + [f"{x:.9g}" for x in (
                            total, w.sum(), (w > 1 - 1e-7).sum(),
                            10 * np.log10((w * 10 ** (v / 10)).sum() / w.sum()),
                            np.sqrt((w * (v - mean) ** 2).sum() / w.sum()), v.min(),
                            quantile(v, w, 0.25), quantile(v, w, 0.5), quantile(v, w, 0.75), v.max())])


if __name__ == "__main__":
    gdal.UseExceptions()
    main(*sys.argv[1:])
