"""ONNX files: opset 11, float32, everything inside (derived channels, average, temperature, familiarity)."""
import io
import warnings

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from crop_ensemble import EARLY, ENOUGH, FOREST, LATE, TINY
from crop_features import CHANNELS, OBSERVED
from crop_networks import COUNT, FLAT, STEPS, Seasons

OPSET = 11


class Trunk(nn.Module):
    """All that PyTorch writes: mean of the networks, trust in the forest, the forest's view, the inner layer."""

    def __init__(self, networks):
        super().__init__()
        self.networks, self.seasons = nn.ModuleList(networks), Seasons()

    def forward(self, x):
        nets = sum(torch.softmax(n(x), 1) for n in self.networks) / len(self.networks)
        seen = x[:, OBSERVED]
        both = (seen[:, :EARLY].sum(1, keepdim=True) > 0).float() * (seen[:, LATE:].sum(1, keepdim=True) > 0).float()
        trust = torch.clamp(seen.sum(1, keepdim=True) / ENOUGH, max=1.0) * both
        return nets, trust, self.seasons(x), self.networks[0].inner(x)


def number(name, value, kind=np.float32):
    return numpy_helper.from_array(np.ascontiguousarray(np.asarray(value, kind)), name)


def trunk(networks):
    """The trunk as ONNX nodes and initializers."""
    out = io.BytesIO()
    names = ["nets", "trust", "season", "inner"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(Trunk(networks).eval(), torch.full((1, len(CHANNELS), STEPS), 0.1), out, opset_version=OPSET,
                          input_names=["series"], output_names=names, dynamic_axes={n: {0: "batch"} for n in ["series"] + names})
    graph = onnx.load_from_string(out.getvalue()).graph
    return list(graph.node), list(graph.initializer)


def below(threshold):
    """The largest float32 that is not above the float64 threshold: x <= it for the same float32 x."""
    f = threshold.astype(np.float32)
    return np.where(f > threshold, np.nextafter(f, np.float32(-np.inf)), f).astype(np.float32)


def trees(forest, source, target, most=6):
    """A random forest as one TreeEnsembleRegressor whose targets are the classes; each leaf keeps its largest shares."""
    nodes = {k: [] for k in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids")}
    leaves = {k: [] for k in ("treeids", "nodeids", "ids", "weights")}
    classes = forest.classes_
    for t, estimator in enumerate(forest.estimators_):
        tree = estimator.tree_
        leaf = tree.children_left < 0
        nodes["treeids"] += [t] * tree.node_count
        nodes["nodeids"] += range(tree.node_count)
        nodes["featureids"] += np.where(leaf, 0, tree.feature).tolist()
        nodes["values"] += np.where(leaf, 0, below(tree.threshold)).tolist()
        nodes["modes"] += np.where(leaf, "LEAF", "BRANCH_LEQ").tolist()
        nodes["truenodeids"] += np.where(leaf, 0, tree.children_left).tolist()
        nodes["falsenodeids"] += np.where(leaf, 0, tree.children_right).tolist()
        for i in np.flatnonzero(leaf):
            for c, w in leaf_shares(tree.value[i, 0], most):
                leaves["treeids"].append(t)
                leaves["nodeids"].append(int(i))
                leaves["ids"].append(int(classes[c]))
                leaves["weights"].append(float(w / len(forest.estimators_)))
    attributes = {"nodes_" + k: v for k, v in nodes.items()}
    attributes.update({"target_" + k: v for k, v in leaves.items()})
    return helper.make_node("TreeEnsembleRegressor", [source], [target], domain="ai.onnx.ml", n_targets=COUNT,
                            aggregate_function="SUM", post_transform="NONE", **attributes)


def leaf_shares(value, most):
    """(class place, share) of a leaf's largest classes, summing to 1."""
    order = np.argsort(-value, kind="stable")[:most]
    order = order[value[order] > 0]
    return list(zip(order.tolist(), (value[order] / value[order].sum()).tolist()))


def prune(forest, most=6):
    """The forest as it is exported: leaves cut to their largest shares, thresholds as float32. In place."""
    for estimator in forest.estimators_:
        tree = estimator.tree_
        for i in np.flatnonzero(tree.children_left < 0):
            kept = leaf_shares(tree.value[i, 0], most)
            tree.value[i, 0] = 0
            for c, w in kept:
                tree.value[i, 0, c] = w
        tree.threshold[:] = below(tree.threshold)
    return forest


def full(ensemble):
    """The crop model on [batch][16][36]: probabilities of the classes, then familiarity."""
    nodes, values = trunk(ensemble.networks)
    far = ensemble.familiar
    node = helper.make_node
    values += [number("one", [1]), number("half", [0.5 * far.scale[2]]), number("portion", [FOREST]), number("tiny", [TINY]), number("alone", [1 / ensemble.temperature[0]]),
               number("more", [1 / ensemble.temperature[1] - 1 / ensemble.temperature[0]]),
               number("low", far.knots[None, :-1]), number("steps", 1 / (far.knots[1:] - far.knots[:-1])[None]), number("zero", 0), number("top", 1)]
    nodes += [
        trees(ensemble.forest, "season", "forest"), node("Mul", ["trust", "portion"], ["share"]),
        node("Sub", ["one", "share"], ["rest"]), node("Mul", ["nets", "rest"], ["from_nets"]),
        node("Mul", ["forest", "share"], ["from_forest"]), node("Add", ["from_nets", "from_forest"], ["mixed"]),
        node("Add", ["mixed", "tiny"], ["positive"]), node("Log", ["positive"], ["raw"]),
        node("Mul", ["trust", "more"], ["extra"]), node("Add", ["extra", "alone"], ["cool"]), node("Mul", ["raw", "cool"], ["logits"]),
        node("Softmax", ["logits"], ["classes"], axis=1),
        node("Sub", ["nets", "forest"], ["quarrel"]), node("Abs", ["quarrel"], ["quarrels"]),
        node("ReduceSum", ["quarrels"], ["all_quarrels"], axes=[1], keepdims=1), node("Mul", ["all_quarrels", "half"], ["loud"]),
        node("Mul", ["loud", "trust"], ["disagreement"]),
    ]
    for name, space, scale in (("inner", far.inner, far.scale[0]), ("season", far.season, far.scale[1])):
        distance(name, space, scale, nodes, values)
    nodes += [
        node("Add", ["far_inner", "far_season"], ["far"]), node("Add", ["far", "disagreement"], ["strangeness"]),
        node("Sub", ["strangeness", "low"], ["beyond"]), node("Mul", ["beyond", "steps"], ["part"]),
        node("Clip", ["part", "zero", "top"], ["clipped"]), node("ReduceMean", ["clipped"], ["strange"], axes=[1], keepdims=1),
        node("Sub", ["one", "strange"], ["familiarity"]),
        node("Concat", ["classes", "familiarity"], ["probabilities"], axis=1),
    ]
    return model("crop", nodes, values, [len(CHANNELS), STEPS], COUNT + 1)


def distance(name, space, scale, nodes, values):
    """far_<name>: distance of <name> from the nearest prototype of the space, times scale."""
    node, of = helper.make_node, lambda what: f"{what}_{name}"
    values += [number(of("project"), space.project), number(of("shift"), -space.shift),
               number(of("prototypes"), space.prototypes[None]), number(of("scale"), [scale])]
    nodes += [
        node("Gemm", [name, of("project"), of("shift")], [of("place")]), node("Unsqueeze", [of("place")], [of("place1")], axes=[1]),
        node("Sub", [of("place1"), of("prototypes")], [of("apart")]), node("Mul", [of("apart"), of("apart")], [of("square")]),
        node("ReduceSum", [of("square")], [of("sum")], axes=[2], keepdims=0), node("ReduceMin", [of("sum")], [of("least")], axes=[1], keepdims=1),
        node("Sqrt", [of("least")], [of("near")]), node("Mul", [of("near"), of("scale")], [of("far")]),
    ]


def small(network, temperature):
    """Gemm Relu Gemm Relu Gemm Softmax on [batch][576]; scaling folded into the first layer."""
    def parameters(layer):
        return layer.weight.detach().numpy().astype(np.float64), layer.bias.detach().numpy().astype(np.float64)
    w1, b1 = parameters(network.first)
    mean, std = (v.numpy().astype(np.float64).ravel() for v in (network.mean, network.std))
    w1 = w1 / std
    b1 = b1 - w1 @ mean
    w2, b2 = parameters(network.second)
    w3, b3 = parameters(network.out)
    layers = [(w1, b1), (w2, b2), (w3 / temperature, b3 / temperature)]
    nodes, values, at = [], [], "series"
    for i, (w, b) in enumerate(layers, 1):
        last = i == len(layers)
        values += [number(f"w{i}", w.T), number(f"b{i}", b)]
        nodes.append(helper.make_node("Gemm", [at, f"w{i}", f"b{i}"], [f"g{i}"], alpha=1.0, beta=1.0))
        at = f"g{i}"
        if not last:
            nodes.append(helper.make_node("Relu", [at], [f"r{i}"]))
            at = f"r{i}"
    nodes.append(helper.make_node("Softmax", [at], ["probabilities"], axis=1))
    return model("crop-small", nodes, values, [FLAT], COUNT)


def model(name, nodes, values, shape, width):
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info("series", TensorProto.FLOAT, ["batch", *shape])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", width])],
        values)
    opsets = [helper.make_opsetid("", OPSET)]
    if any(n.domain == "ai.onnx.ml" for n in nodes):
        opsets.append(helper.make_opsetid("ai.onnx.ml", 1))
    made = helper.make_model(graph, producer_name="parus training", opset_imports=opsets)
    made.ir_version = 6
    onnx.checker.check_model(made)
    return made


def operators(made):
    return sorted({n.op_type for n in made.graph.node})
