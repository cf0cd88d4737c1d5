"""A county's own labelled plots, from the tables it has, into Rows.

- a long CSV: id, date, B02 ... B12 (reflectance 0-1; B8A may be missing), optional vv, vh, lat, lon, label; or
- a GeoPackage of plots with a label column, and the Parquet that `parus observe` made of it.
"""
import os
import sqlite3

import numpy as np
import pandas as pd

from crop_codes import CLASSES, PERENNIAL, SUMMER, WINTER
from crop_data import BANDS, DEKADS, Rows, block_names, dekad_of, southern, without_cloud

HABIT = {c: SUMMER for c in CLASSES}
HABIT.update({c: WINTER for c in ("winter_wheat", "rapeseed", "garlic", "rye")})
HABIT.update({c: PERENNIAL for c in ("alfalfa", "grass", "grapes", "almond", "walnut", "pistachio", "apple", "pear", "peach", "cherry",
                                     "plum", "olive", "kiwi", "blueberry", "greenhouse", "fallow", "other")})


def read_table(path, label="label"):
    """A long CSV table. Every fault is told with its line."""
    table = pd.read_csv(path, dtype={"id": str, label: str})
    missing = [c for c in ["id", "date", label, *BANDS] if c not in table and c != "B8A"]
    if missing:
        raise SystemExit(f"{path} lacks the columns {', '.join(missing)}: it needs id, date, {', '.join(BANDS)} (B8A may be missing) and {label}")
    return rows_of(table.rename(columns={label: "label"}), path)


def read_plots(gpkg, observations, label, key):
    """Labels from the attributes of a GeoPackage, statistics from the Parquet of `parus observe`."""
    try:
        seen = pd.read_parquet(observations, columns=["parcel_id", "time", "band", "mean", "count", "total"])
    except ImportError as e:
        raise SystemExit(f"{observations} is Parquet and Python reads it through pyarrow, which is missing: pip install pyarrow, or give a CSV table ({e})")
    return rows_of(long_form(labels_of(gpkg, label, key), seen), gpkg)


def labels_of(gpkg, label, key):
    """{id: label} of the first layer that has both columns."""
    base = sqlite3.connect(f"file:{gpkg}?mode=ro", uri=True)
    try:
        layers = [n for n, in base.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'")]
        for layer in layers:
            columns = [c[1] for c in base.execute(f'PRAGMA table_info("{layer}")')]
            if label in columns and key in columns:
                return {str(k): v for k, v in base.execute(f'SELECT "{key}", "{label}" FROM "{layer}"') if v}
    finally:
        base.close()
    raise SystemExit(f"{gpkg}: none of its layers ({', '.join(layers)}) has the columns {key} and {label}")


def long_form(labels, seen):
    """Rows of parcel, time and band to one line per parcel and date; dates with less than half of the plot usable are left out."""
    seen = seen[(seen["count"] > 0.5 * seen["total"]) & seen.parcel_id.astype(str).isin(labels)].copy()
    seen["date"] = pd.to_datetime(seen.time).dt.strftime("%Y-%m-%d")
    seen["id"] = seen.parcel_id.astype(str)
    wide = seen.pivot_table(index=["id", "date"], columns="band", values="mean").reset_index().rename(columns={"VV": "vv", "VH": "vh"})
    wide["label"] = wide.id.map(labels)
    return wide


def rows_of(table, path):
    table = table.reset_index(drop=True)
    when = pd.to_datetime(table["date"], errors="coerce")
    for bad, what in ((when.isna(), "is no date"), (~table.label.isin(CLASSES), "is no class")):
        if bad.any():
            at = int(np.flatnonzero(bad)[0])
            raise SystemExit(f"{path}, line {at + 2}: {table['date'][at] if what == 'is no date' else table.label[at]!r} {what}; "
                             f"dates are 2024-05-31, classes are {', '.join(CLASSES)}")
    for c in ("B8A", "vv", "vh", "lat", "lon"):
        if c not in table:
            table[c] = np.nan
    table["B8A"] = table["B8A"].where(table["B8A"].notna(), table["B08"])
    refl, radar, kept = [], [], []
    for name, one in table.assign(when=when).groupby("id", sort=True):
        if one.label.nunique() > 1:
            raise SystemExit(f"{path}: the plot {name} has the labels {', '.join(sorted(one.label.unique()))}; one plot needs one label")
        r, e = on_dekads(one)
        refl.append(r)
        radar.append(e)
        kept.append((name, one.label.iloc[0], one.when.max().year, one.lat.iloc[0], one.lon.iloc[0]))
    ids, labels, years, lat, lon = (np.array(v, dtype=object) for v in zip(*kept))
    lat, lon, n = lat.astype(float), lon.astype(float), len(ids)
    block = np.where(np.isfinite(lat), block_names(np.nan_to_num(lat), np.nan_to_num(lon)), np.array(["plot " + i for i in ids], dtype=object))
    text = lambda v: np.full(n, v, dtype=object)
    return Rows(southern(np.array(refl, np.float32), np.nan_to_num(lat)), southern(np.array(radar, np.float32), np.nan_to_num(lat)), labels,
                np.array([HABIT[c] for c in labels], dtype=object), text("county"), text("county"), block.astype(object),
                years.astype(int), np.full(n, np.nan), lat, lon)


def on_dekads(one):
    """The 365 days that end with the last date, on the calendar's dekads: [36][10] (median) and [36][2] (mean of linear power, dB)."""
    one = one[one.when > one.when.max() - pd.Timedelta(days=365)]
    dekad = dekad_of(one.when.dt.month.to_numpy(), one.when.dt.day.to_numpy())
    values = one[BANDS].to_numpy(np.float64)
    seen = np.isfinite(values).all(axis=1)
    values[~without_cloud(seen[None], values[None, :, 0])[0]] = np.nan
    power = 10 ** (one[["vv", "vh"]].to_numpy(np.float64) / 10)
    refl, radar = np.full((DEKADS, len(BANDS)), np.nan), np.full((DEKADS, 2), np.nan)
    for d in np.unique(dekad):
        at = dekad == d
        good = at & np.isfinite(values).all(axis=1)
        if good.any():
            refl[d] = np.median(values[good], axis=0)
        heard = at & np.isfinite(power).all(axis=1)
        if heard.any():
            radar[d] = 10 * np.log10(power[heard].mean(axis=0))
    return np.clip(refl, 0, 1.2), radar


def read(arguments):
    if arguments.plots:
        return read_plots(arguments.plots, arguments.observations, arguments.label, arguments.id)
    return read_table(arguments.table, arguments.label)


def exists(path):
    if not os.path.exists(path):
        raise SystemExit(f"{path} is not there")
    return path
