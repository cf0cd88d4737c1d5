#!/usr/bin/env python3
"""One process of exactextract over one date of ten bands: what `make
bench-raster` holds package raster against. The 10 m bands in one call, the
20 m bands in another, statistics as in Observation, results collected.

  exactextract_date.py SCENE_FOLDER FIELDS.gpkg [--out FILE.parquet]
      [--strategy feature-sequential|raster-sequential] [--cells N] [--source rasterio|blocks|array] [--features geopandas|wkb]

Needs exactextract 0.2.2, numpy, rasterio and geopandas (with --out pyarrow).
Sources: `rasterio` is exactextract's own reader; `blocks` reads the same windows
through rasterio without its mask (no data is told by value); `array` reads each
band whole at the start. Features: `geopandas` is exactextract's own way, through
GeoJSON text; `wkb` hands out binary geometry, which GEOS takes faster, and
collects the results with as little Python as can be. Prints one line of JSON: wall and CPU seconds of the
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
import pandas
import rasterio
from exactextract import exact_extract
from exactextract.feature import Feature, FeatureSource, GeoPandasFeatureSource
from exactextract.raster import NumPyRasterSource, RasterioRasterSource
from exactextract.writer import Writer
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


class Row(Feature):
    """A polygon on the way in, a row of results on the way out."""

    def __init__(self, wkb=None, values=None):
        super().__init__()
        self.wkb, self.values = wkb, {} if values is None else values

    def geometry(self):
        return self.wkb

    def get(self, name):
        return self.values[name]

    def set(self, name, value):
        self.values[name] = value

    def fields(self):
        return list(self.values)

    def set_geometry(self, wkb):
        pass

    def set_geometry_format(self):
        return "wkb"


class Rows(FeatureSource):
    def __init__(self, fields):
        super().__init__()
        self.wkt, self.rows = fields.crs.to_wkt(), list(zip(fields.geometry.to_wkb(), fields.parcel_id))

    def count(self):
        return len(self.rows)

    def __iter__(self):
        for wkb, name in self.rows:
            yield Row(wkb, {"parcel_id": name})

    def srs_wkt(self):
        return self.wkt


class Collect(Writer):
    def __init__(self):
        super().__init__()
        self.rows = []

    def add_operation(self, op):
        pass

    def add_column(self, name):
        pass

    def write(self, feature):
        row = Row()
        feature.copy_to(row)
        self.rows.append(row.values)

    def features(self):
        return self.rows


def cpu():
    u = resource.getrusage(resource.RUSAGE_SELF)
    return u.ru_utime + u.ru_stime


def peak_mb():
    with open("/proc/self/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM")) / 1000


def mean(rows):
    """Of the means of B02, to see that work was done."""
    v = rows["B02_mean"] if isinstance(rows, pandas.DataFrame) else [r["B02_mean"] for r in rows]
    return float(pandas.Series(v, dtype=float).mean())


def main():
    p = argparse.ArgumentParser()
    p.add_argument("scene")
    p.add_argument("fields")
    p.add_argument("--out")
    p.add_argument("--strategy", default="feature-sequential")
    p.add_argument("--cells", type=int, default=30_000_000)
    p.add_argument("--source", default="array")
    p.add_argument("--features", default="wkb")
    a = p.parse_args()
    wall, used = time.perf_counter(), cpu()
    fields = geopandas.read_file(a.fields)
    if not a.out:
        wall, used = time.perf_counter(), cpu()
    tables = []
    for bands in (TEN, TWENTY):
        rasters = [source(a.source, a.scene, b) for b in bands]
        lean = a.features == "wkb"
        tables.append(exact_extract(rasters, Rows(fields) if lean else GeoPandasFeatureSource(fields), OPS, include_cols=["parcel_id"],
                                    strategy=a.strategy, max_cells_in_memory=a.cells, output=Collect() if lean else "pandas"))
        del rasters
    if a.out:
        tables = [pandas.DataFrame(t) for t in tables]
        table = tables[0].merge(tables[1], on="parcel_id")
        table.to_parquet(a.out) if a.out.endswith(".parquet") else table.to_csv(a.out, index=False)
    print(json.dumps({"fields": len(fields), "strategy": a.strategy, "cells": a.cells, "source": a.source,
                      "wall": time.perf_counter() - wall, "cpu": cpu() - used, "peak_mb": peak_mb(),
                      "features": a.features, "rows": [len(t) for t in tables], "mean": mean(tables[0])}))


if __name__ == "__main__":
    main()
