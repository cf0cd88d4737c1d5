#!/usr/bin/env python3
"""Radar series of the labelled parcels of a Flanders patch, by numpy: what cmd/parus/realradar_test.go wants.

Shares no code with Parus: coverage is counted on 10 m squares (the parcels' edges are 10 m steps), tracks are told by
the minute of the day (17:3x or 17:4x UTC), pixels come from gdal_translate. Needs numpy and GDAL's programs.

    python3 tools/check_radar.py ../shared/data/s2s1_patches/BE_00002806639B424A 2018-11-29
"""
import collections
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

patch, as_of = pathlib.Path(sys.argv[1]), sys.argv[2]
land = json.loads((patch / "labels/parcels_derived.geojson").read_text())
items = [json.loads(p.read_text()) | {"dir": p.parent} for p in sorted(patch.glob("stac/sentinel-1-grd/*/*.json"))]


def inside(ring, x, y):
    """Even-odd rule."""
    hit = np.zeros(x.shape, bool)
    for (x0, y0), (x1, y1) in zip(ring, ring[1:]):
        if y0 != y1:
            hit ^= ((y0 > y) != (y1 > y)) & (x < x0 + (y - y0) * (x1 - x0) / (y1 - y0))
    return hit


shape, tr = items[0]["assets"]["vv"]["proj:shape"], items[0]["assets"]["vv"]["proj:transform"]
x, y = np.meshgrid(tr[2] + 5 + 10 * np.arange(2 * shape[1]), tr[5] - 5 - 10 * np.arange(2 * shape[0]))
cover = {}
for f in land["features"]:
    hit = np.zeros(x.shape, bool)
    for ring in f["geometry"]["coordinates"]:
        hit ^= inside(ring, x, y)
    cover[f["properties"]["parcel_id"]] = hit.reshape(shape[0], 2, shape[1], 2).mean(axis=(1, 3))

power = collections.defaultdict(list)  # parcel, minute, dekad → VV and VH of each date
days = collections.Counter()
room = tempfile.TemporaryDirectory()
raw = room.name + "/px"
for it in items:
    when = it["properties"]["datetime"]
    if not when.startswith(as_of[:4]) or when[:10] >= as_of:  # delivered the day after
        continue
    px = []
    for name in ("vv", "vh"):
        subprocess.run(["gdal_translate", "-q", "-of", "ENVI", str(it["dir"] / it["assets"][name]["href"]), raw], check=True)
        px.append(10 ** (np.fromfile(raw, "<i4").reshape(shape) / 10000 / 10))
    minute, dekad = when[11:15], f"{when[:8]}{[1, 11, 21][min((int(when[8:10]) - 1) // 10, 2)]:02d}"
    days[minute] += 1
    for parcel, w in cover.items():
        power[parcel, minute, dekad].append([(w * p).sum() / w.sum() for p in px])
print("dates by track", dict(days))
track = days.most_common(1)[0][0]
for parcel, w in cover.items():
    print(parcel, "pixels", w.sum(), "within", (w == 1).sum())
    for dekad in sorted({d for p, m, d in power if (p, m) == (parcel, track)}):
        v = np.array(power[parcel, track, dekad])
        print(f'  {{"{parcel[-3:]}", "{dekad}", {len(v)}, {10 * np.log10(v[:, 0].mean()):.4f}, {10 * np.log10(v[:, 1].mean()):.4f}}},')
