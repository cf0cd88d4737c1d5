#!/usr/bin/env python3
"""One process of exactextract over one date of ten bands: what `make
bench-raster` holds package raster against. The 10 m bands in one call, the
20 m bands in another, statistics as in Observation, results collected.

  exactextract_date.py SCENE_FOLDER FIELDS.gpkg [--out FILE.parquet]
      [--strategy feature-sequential|raster-sequential] [--cells N] [--source rasterio|blocks|array]

Needs exactextract 0.2.2, numpy, rasterio and geopandas (with --out pyarrow).
Sources: `rasterio` is exactextract's own reader; `blocks` reads the same windows
through rasterio without its mask (no data is told by value); `array` reads each
band whole at the start. Prints one line of JSON: wall and CPU seconds of the
work (imports left out, and without --out also the reading of the polygons, as
for Parus), peak memory in MB of the process.
"""
import argparse
import json
import os
import resource
import time

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # they may hold numpy to an old processor
    os.environ.pop(name, None)

import geopandas
import numpy as np
import rasterio
from exactextract import exact_extract
from exactextract.feature import GeoPandasFeatureSource
from exactextract.raster import NumPyRasterSource, RasterioRasterSource
from rasterio.windows import Window

TEN = ["B02", "B03", "B04", "B08"]
TWENTY = ["B05", "B06", "B07", "B8A", "B11", "B12"]
OPS = ["count", "mean", "stdev", "min", "max", "quantile(q=0.25)", "quantile(q=0.5)", "quantile(q=0.75)"]


class Blocks(RasterioRasterSource):
    def read_window(self, x0, y0, nx, ny):
        return self.ds.read(1, window=Window(x0, y0, nx, ny))


def source(kind, folder, band):
    path = os.path.join(folder, band + ".tif")
    if kind == "array":
        with rasterio.open(path) as ds:
            b = ds.bounds
            return NumPyRasterSource(ds.read(1), b.left, b.bottom, b.right, b.top, nodata=0, name=band, srs_wkt=ds.crs.wkt)
    return (Blocks if kind == "blocks" else RasterioRasterSource)(path, name=band)


def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime


def peak_mb():
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM")) / 1000


def main():
    p = argparse.ArgumentParser()
    p.add_argument("scene")
    p.add_argument("fields")
    p.add_argument("--out")
    p.add_argument("--strategy", default="feature-sequential")
    p.add_argument("--cells", type=int, default=30_000_000)
    p.add_argument("--source", default="array")
    a = p.parse_args()
    wall, used = time.perf_counter(), cpu()
    fields = geopandas.read_file(a.fields)
    if not a.out:
        wall, used = time.perf_counter(), cpu()
    tables = []
    for bands in (TEN, TWENTY):
        rasters = [source(a.source, a.scene, b) for b in bands]
        tables.append(exact_extract(rasters, GeoPandasFeatureSource(fields), OPS, include_cols=["parcel_id"],
                                    strategy=a.strategy, max_cells_in_memory=a.cells, output="pandas"))
        del rasters
    if a.out:
        table = tables[0].merge(tables[1], on="parcel_id")
        table.to_parquet(a.out) if a.out.endswith(".parquet") else table.to_csv(a.out, index=False)
    print(json.dumps({"fields": len(fields), "strategy": a.strategy, "cells": a.cells, "source": a.source,
                      "wall": time.perf_counter() - wall, "cpu": cpu() - used, "peak_mb": peak_mb(),
                      "rows": [len(t) for t in tables], "sum_of_means": float(np.nansum(tables[0]["B02_mean"]))}))


if __name__ == "__main__":
    main()
