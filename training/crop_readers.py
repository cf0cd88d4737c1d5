"""One reader for each file in ../shared/data: into Rows, its faults mended."""
import glob
import os

import numpy as np
import pandas as pd

from crop_codes import CDL, CT, EWOC, KOREAN, LAND_COVER, PERENNIAL
from crop_data import BANDS, DEKADS, Rows, block_names, decibel, dekad_of, join, reflectance, southern, without_cloud


def labelled(codes, table):
    known = np.array([c in table for c in codes])
    pairs = [table[c] for c, k in zip(codes, known) if k]
    return known, np.array([p[0] for p in pairs], dtype=object), np.array([p[1] for p in pairs], dtype=object)


def made(refl, radar, crop, habit, source, region, lat, lon, year, area=None, block=None):
    n = len(crop)
    if isinstance(region, str):
        region = np.full(n, region, dtype=object)
    lat, lon = np.asarray(lat, np.float64), np.asarray(lon, np.float64)
    return Rows(refl.astype(np.float32), radar.astype(np.float32), crop, habit, np.full(n, source, dtype=object), region,
                block_names(lat, lon) if block is None else block, np.broadcast_to(np.asarray(year), n).astype(int),
                np.full(n, np.nan) if area is None else np.asarray(area, np.float64), lat, lon)


def halves(source, lat, border):
    return np.where(np.asarray(lat) >= border, source + "-north", source + "-south").astype(object)


def read_us(path, source, border):
    """10-day medians of 2021. 0 = not seen. Labels from cdl_raw: source_crop_label is wrong in places."""
    table = pd.read_csv(path)
    dn = np.stack([table[[f"{b}_T{t:02d}" for b in BANDS]].to_numpy(np.float64) for t in range(1, DEKADS + 1)], axis=1)
    known, crop, habit = labelled(table.cdl_raw.tolist(), CDL)
    table, dn = table[known], dn[known]
    return made(reflectance(dn, 0), np.full((len(dn), DEKADS, 2), np.nan), crop, habit, source,
                halves(source, table.lat, border), table.lat, table.lon, 2021)


def canadian_region(lon):
    if lon < -90:
        return "CAN-west"
    return "CAN-centre" if lon < -70 else "CAN-east"


def read_long(path, source, table, code_column, year, monthly):
    """WorldCereal long form: one line per point and date. 65535 = not seen; B8A is absent: B08 stands in."""
    lines = pd.read_csv(path, low_memory=False)
    # Canada's stamps are local midnight written in UTC: half a day later is the local day.
    when = pd.to_datetime(lines.timestamp) + pd.Timedelta(hours=12)
    lines = lines[when.dt.year == year].copy()
    when = when[when.dt.year == year]
    day = np.full(len(lines), 15) if monthly else when.dt.day.to_numpy()
    lines["dekad"] = dekad_of(when.dt.month.to_numpy(), day)
    points = lines.groupby("sample_id", sort=True).first()
    index = pd.Index(points.index).get_indexer(lines.sample_id)

    def cube(columns):
        out = np.full((len(points), DEKADS, len(columns)), 65535.0)
        out[index, lines.dekad.to_numpy()] = lines[columns].to_numpy(np.float64)
        return out
    optical = cube(["S2-L2A-" + ("B08" if b == "B8A" else b) for b in BANDS])
    radar = cube(["S1-SIGMA0-VV", "S1-SIGMA0-VH"])
    known, crop, habit = labelled(points[code_column].tolist(), table)
    points, optical, radar = points[known], optical[known], radar[known]
    if source == "CAN":
        region = np.array([canadian_region(o) for o in points.lon], dtype=object)
    else:
        region = halves(source, points.lat, 46.5)
    return made(reflectance(optical, 65535), decibel(radar), crop, habit, source, region, points.lat, points.lon, year)


def read_wide(path, source, region):
    """WorldCereal wide form: twelve monthly composites from start_date on, put on the calendar; south of the equator half a year later."""
    table = pd.read_csv(path, low_memory=False)
    if "ewoc_code" in table:
        pairs = [EWOC.get(c) for c in table.ewoc_code]
    else:
        pairs = [CT.get(c) if c else ((LAND_COVER[k], PERENNIAL) if k in LAND_COVER else None)
                 for c, k in zip(table.CROPTYPE_LABEL, table.LANDCOVER_LABEL)]
    known = np.array([p is not None for p in pairs])
    crop = np.array([p[0] for p in pairs if p], dtype=object)
    habit = np.array([p[1] for p in pairs if p], dtype=object)
    table = table[known].reset_index(drop=True)
    # "2017-10-29" and "2017-10-31" are Novembers in local time: a date in the last days of a month is the next month.
    first = (pd.to_datetime(table.start_date) + pd.Timedelta(days=6)).dt.month.to_numpy() - 1
    missing_8a = (table[[f"OPTICAL-B8A-ts{t}-20m" for t in range(12)]].to_numpy() == 65535).all()
    optical = np.full((len(table), DEKADS, len(BANDS)), 65535.0)
    radar = np.full((len(table), DEKADS, 2), 65535.0)
    row = np.arange(len(table))
    ending = {b: next(c for c in table.columns if c.startswith(f"OPTICAL-{b}-ts0-"))[-4:] for b in BANDS}
    for t in range(12):
        at = ((first + t) % 12) * 3 + 1
        for k, b in enumerate(BANDS):
            b = "B08" if b == "B8A" and missing_8a else b
            optical[row, at, k] = table[f"OPTICAL-{b}-ts{t}{ending[b]}"]
        for k, p in enumerate(("VV", "VH")):
            radar[row, at, k] = table[f"SAR-{p}-ts{t}-20m"]
    lat = table.lat.to_numpy()
    return made(southern(reflectance(optical, 65535), lat), southern(decibel(radar), lat), crop, habit, source, region,
                lat, table.lon, table.year)


PLACES = {"nh": ("KOR-south", 34.8, 127.9), "nj": ("KOR-south", 35.0, 126.7), "us": ("KOR-east", 36.35, 128.7), "yc": ("KOR-east", 35.97, 128.9)}
KOREAN_YEARS = {"nh": 2022, "nj": 2021, "us": 2021, "yc": 2021}


def read_korea(folder):
    """Every acquisition of two years, the +1000 offset still in the values, raw clouds; the 365 days from the file's first
    date on are one row. Blocks are ten neighbouring rows of a file: there are no coordinates."""
    parts = []
    for path in sorted(glob.glob(os.path.join(folder, "*.csv.gz"))):
        table = pd.read_csv(path)
        place = os.path.basename(path)[:2]
        known, crop, habit = labelled(table.CR_NM.tolist(), KOREAN)
        table = table[known].reset_index(drop=True)
        days = sorted({c.split("_")[1] for c in table.columns if c.startswith("b01_")})
        start = pd.Timestamp(days[0])
        kept = [d for d in days if pd.Timestamp(d) < start + pd.Timedelta(days=365)]
        stack = np.full((len(table), len(kept), len(BANDS)), np.nan)
        for i, d in enumerate(kept):
            for k, b in enumerate(BANDS):
                name = f"{b.lower()}_{d}"
                if name in table:
                    stack[:, i, k] = table[name].to_numpy(np.float64) - 1000
        stack[stack <= -1000] = np.nan
        seen = np.isfinite(stack).all(axis=2) & (stack[..., 0] > 0)
        clear = without_cloud(seen, stack[..., 0] / 10000)
        stack[~clear] = np.nan
        stack[stack < 0] = 0
        dekad = np.array([dekad_of(pd.Timestamp(d).month, pd.Timestamp(d).day) for d in kept])
        refl = np.full((len(table), DEKADS, len(BANDS)), np.nan)
        for d in np.unique(dekad):
            with np.errstate(all="ignore"):
                refl[:, d] = np.nanmedian(stack[:, dekad == d], axis=1) / 10000
        region, lat, lon = PLACES[place]
        block = np.array([f"KOR-{place}-{r // 10}" for r in table.row], dtype=object)
        n = len(table)
        parts.append(made(np.clip(refl, 0, 1.2), np.full((n, DEKADS, 2), np.nan), crop, habit, "KOR", region,
                          np.full(n, lat), np.full(n, lon), KOREAN_YEARS[place], table.AREA, block))
    return join(parts)


def read_all(data):
    """Every set that the shipped weights use (no Central Asia: share-alike), in fixed order."""
    us, wc = os.path.join(data, "crop_series_us"), os.path.join(data, "crop_series_worldcereal")
    return join([
        read_us(os.path.join(us, "arkansas_zone0_2021_s2_10day.csv.gz"), "US-AR", 35.35),
        read_us(os.path.join(us, "california_zone0_2021_s2_10day.csv.gz"), "US-CA", 38.7),
        read_long(os.path.join(wc, "CAN_2017_monthly_s1s2meteo.csv.gz"), "CAN", CT, "CROPTYPE_LABEL", 2017, True),
        read_long(os.path.join(wc, "FRA_2023_dekad_s1s2meteo.csv.gz"), "FRA", EWOC, "ewoc_code", 2023, False),
        read_wide(os.path.join(wc, "GLOBAL_500_monthly_wide.csv.gz"), "GLO", "GLO"),
        read_wide(os.path.join(wc, "AFRICA_2017_monthly_wide.csv.gz"), "AFR", "AFR"),
        read_korea(os.path.join(data, "crop_series_korea_parcels")),
    ])
