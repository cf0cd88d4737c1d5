#!/usr/bin/env python3
"""Write the SL2P growth networks as ONNX files with cards, from the published
coefficients (Weiss & Baret, S2ToolBox Level 2 products, ATBD 1.1).

  /usr/bin/python3 tools/sl2p2onnx.py ../shared/reference/sl2p/2_1 models/shipped

Each network is normalisation -> 5 tanh units -> 1 linear unit -> denormalisation.
The two linear maps at the ends are folded (in float64) into the weights, so the
file holds Gemm, Tanh, Gemm: operators that every runtime has. Beside it goes the
definition domain: the listed classes of the eight bands, one nibble a band.
"""
import hashlib
import json
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NETWORKS = {  # folder: (file, output, unit, what)
    "LAI": ("lai", "LAI", "m2/m2", "leaf area index"),
    "FAPAR": ("fapar", "FAPAR", "share", "fraction of absorbed photosynthetically active radiation"),
    "FCOVER": ("fcover", "FCOVER", "share", "fraction of green vegetation cover"),
    "LAI_Cab": ("lai-cab", "LAI_Cab", "g/cm2 x 1e-6 (ug/cm2)", "canopy chlorophyll content"),
    "LAI_Cw": ("lai-cw", "LAI_Cw", "g/m2", "canopy water content"),
}
INPUTS = ["B03", "B04", "B05", "B06", "B07", "B8A", "B11", "B12", "cos_view_zenith", "cos_sun_zenith", "cos_relative_azimuth"]


def table(folder, name, part):
    return np.loadtxt(folder / name / f"{name}_{part}", delimiter=",", ndmin=2, dtype=np.float64)


def network(folder, name):
    lo, hi = table(folder, name, "Normalisation").T
    w1, b1 = table(folder, name, "Weights_Layer1_Neurons"), table(folder, name, "Weights_Layer1_Bias").ravel()
    w2, b2 = table(folder, name, "Weights_Layer2_Neurons"), table(folder, name, "Weights_Layer2_Bias").ravel()
    out_lo, out_hi = table(folder, name, "Denormalisation").ravel()[:2]
    scale = 2 / (hi - lo)  # x' = 2 (x - min) / (max - min) - 1
    b1 = b1 + w1 @ (-lo * scale - 1)
    w1 = w1 * scale
    half = 0.5 * (out_hi - out_lo)  # y = 0.5 (y' + 1) (max - min) + min
    w2, b2 = w2 * half, (b2 + 1) * half + out_lo
    init = [numpy_helper.from_array(a.astype(np.float32), n)
            for n, a in (("w1", w1.T.copy()), ("b1", b1), ("w2", w2.reshape(-1, 1)), ("b2", b2))]
    nodes = [helper.make_node("Gemm", ["x", "w1", "b1"], ["h"]), helper.make_node("Tanh", ["h"], ["t"]),
             helper.make_node("Gemm", ["t", "w2", "b2"], ["y"])]
    graph = helper.make_graph(nodes, name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 11])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 1])], init)
    model = helper.make_model(graph, producer_name="parus", opset_imports=[helper.make_opsetid("", 9)])
    model.ir_version = 4
    onnx.checker.check_model(model)
    return model.SerializeToString()


def domain(folder, name):
    grid = table(folder, name, "DefinitionDomain_Grid").astype(np.uint32) - 1
    codes = np.zeros(len(grid), np.uint32)
    for k in range(8):
        codes |= grid[:, k] << np.uint32(4 * k)
    return np.unique(codes).astype("<u4").tobytes()


# One standard deviation of a single value: the RMSE published for LAI on crops; for FAPAR and FCOVER the tolerance published
# with the output, as no accuracy on crops is at hand (as in models.GrowthSigma).
SIGMA = {"LAI": (0.98, "RMSE of LAI on crops as published"), "FAPAR": (0.10, "published tolerance of the output"), "FCOVER": (0.10, "published tolerance of the output")}


def card(folder, name, onnx_bytes, domain_bytes):
    file, output, unit, what = NETWORKS[name]
    lo, hi = table(folder, name, "DefinitionDomain_MinMax")
    tolerance, out_min, out_max = table(folder, name, "ExtremeCases").ravel()
    ranges = {b: {"min": float(lo[i]), "max": float(hi[i])} for i, b in enumerate(INPUTS[:8])}
    out = {
        "name": file, "version": "2.1.0", "task": "growth", "file": file + ".onnx", "sha256": hashlib.sha256(onnx_bytes).hexdigest(),
        "input_name": "x", "input_shape": [11],
        "inputs": [dict(name=v, unit="reflectance" if v in ranges else "cosine", **ranges.get(v, {"min": -1, "max": 1})) for v in INPUTS],
        "output_name": "y", "output_shape": [1],
        "outputs": [{"name": output, "unit": unit, "min": float(out_min), "max": float(out_max)}],
        "tolerance": abs(float(tolerance)),
        "domain": "sl2p.domain", "domain_sha256": hashlib.sha256(domain_bytes).hexdigest(),
        "operators": ["Gemm", "Tanh"], "runtimes": ["onnx-go", "onnxruntime"],
        "training": "Coefficients as published by INRA (Weiss & Baret, S2ToolBox Level 2 products: LAI, FAPAR, FCOVER, ATBD 1.1, version 2.1), "
                    "trained there on PROSAIL simulations. Written as ONNX by tools/sl2p2onnx.py; nothing was retrained.",
        "validity": f"{what}; Sentinel-2 surface reflectance inside the definition domain; any crop, any season",
        "metrics": {"published_crops_lai_rmse": 0.98},
        "known_failures": ["flooded or snow-covered ground", "woody canopies seen from the side of the sun", "spectra outside the domain (flagged)"],
        "licence": "coefficients are published facts; the file is Apache-2.0", "owner": "Parus", "tested": "2026-11-23",
        "approved": "2026-11-23", "valid_for": {"regions": [{"name": "world", "bbox": [-180, -90, 180, 90]}], "seasons": ["any"], "crops": ["any"]},
    }
    if name in SIGMA:
        out["uncertainty"] = {"rmse": SIGMA[name][0], "relative": 0, "source": SIGMA[name][1]}
    return out


def main(folder, out):
    folder, out = pathlib.Path(folder), pathlib.Path(out)
    for name, (file, *_) in NETWORKS.items():
        model, dom = network(folder, name), domain(folder, name)
        (out / f"{file}.onnx").write_bytes(model)
        (out / "sl2p.domain").write_bytes(dom)  # the same for all five
        text = json.dumps(card(folder, name, model, dom), indent=1, ensure_ascii=False)
        (out / f"{file}.json").write_text(text + "\n")
        print(f"{file}: {len(model)} bytes, {len(dom) // 4} classes in the domain")


if __name__ == "__main__":
    main(*sys.argv[1:])
