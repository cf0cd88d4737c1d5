"""ONNX files of the two networks, written node by node: plain float32, opset 11, temperature inside."""
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from crop_networks import CHANNELS, COUNT, STEPS

OPSET = 11


def number(name, value):
    return numpy_helper.from_array(np.ascontiguousarray(value), name)


def parameters(layer):
    return layer.weight.detach().numpy().astype(np.float64), layer.bias.detach().numpy().astype(np.float64)


def model(name, nodes, values, shape):
    graph = helper.make_graph(
        nodes, name,
        [helper.make_tensor_value_info("series", TensorProto.FLOAT, ["batch", *shape])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", COUNT])],
        values)
    made = helper.make_model(graph, producer_name="parus training", opset_imports=[helper.make_opsetid("", OPSET)])
    made.ir_version = 6
    onnx.checker.check_model(made)
    return made


def small(network, temperature):
    """Gemm Relu Gemm Relu Gemm Softmax on [batch][468]; scaling folded into the first layer."""
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
        values += [number(f"w{i}", w.T.astype(np.float32)), number(f"b{i}", b.astype(np.float32))]
        nodes.append(helper.make_node("Gemm", [at, f"w{i}", f"b{i}"], [f"g{i}"], alpha=1.0, beta=1.0))
        at = f"g{i}"
        if not last:
            nodes.append(helper.make_node("Relu", [at], [f"r{i}"]))
            at = f"r{i}"
    nodes.append(helper.make_node("Softmax", [at], ["probabilities"], axis=1))
    return model("crop-small", nodes, values, [CHANNELS * STEPS])


def folded(conv, norm, scale):
    """Convolution with input scaling and batch normalisation folded in."""
    w, b = parameters(conv)
    gain = norm.weight.detach().numpy().astype(np.float64) / np.sqrt(norm.running_var.numpy().astype(np.float64) + norm.eps)
    b = (b - norm.running_mean.numpy()) * gain + norm.bias.detach().numpy()
    return (w * scale * gain[:, None, None]).astype(np.float32), b.astype(np.float32)


def cnn(network, temperature):
    """The convolution net on [batch][13][36]."""
    nodes, values, at = [], [], "series"
    scale = network.scale.numpy().astype(np.float64).reshape(1, -1, 1)
    layers = list(network.convolve)
    for i in range(0, len(layers), 3):
        w, b = folded(layers[i], layers[i + 1], scale if i == 0 else 1.0)
        k, pad = i // 3 + 1, w.shape[2] // 2
        values += [number(f"cw{k}", w), number(f"cb{k}", b)]
        nodes += [helper.make_node("Conv", [at, f"cw{k}", f"cb{k}"], [f"c{k}"], kernel_shape=[w.shape[2]], pads=[pad, pad]),
                  helper.make_node("Relu", [f"c{k}"], [f"h{k}"])]
        at = f"h{k}"
    w4, b4 = parameters(network.hidden)
    w5, b5 = parameters(network.out)
    values += [number("w4", w4.T.astype(np.float32)), number("b4", b4.astype(np.float32)),
               number("w5", (w5.T / temperature).astype(np.float32)), number("b5", (b5 / temperature).astype(np.float32)),
               number("few", np.array([[1e-3]], np.float32))]
    nodes += [
        helper.make_node("Slice", ["series", "from", "to", "axis"], ["mask"]),
        helper.make_node("Mul", [at, "mask"], ["masked"]),
        helper.make_node("ReduceSum", ["masked"], ["total"], axes=[2], keepdims=0),
        helper.make_node("ReduceSum", ["mask"], ["count"], axes=[2], keepdims=0),
        helper.make_node("Add", ["count", "few"], ["count1"]),
        helper.make_node("Div", ["total", "count1"], ["seen"]),
        helper.make_node("AveragePool", [at], ["pooled"], kernel_shape=[3], strides=[3]),
        helper.make_node("Flatten", ["pooled"], ["when"], axis=1),
        helper.make_node("Concat", ["when", "seen"], ["both"], axis=1),
        helper.make_node("Gemm", ["both", "w4", "b4"], ["g4"]),
        helper.make_node("Relu", ["g4"], ["r4"]),
        helper.make_node("Gemm", ["r4", "w5", "b5"], ["g5"]),
        helper.make_node("Softmax", ["g5"], ["probabilities"], axis=1),
    ]
    values += [number("from", np.array([CHANNELS - 1], np.int64)), number("to", np.array([CHANNELS], np.int64)),
               number("axis", np.array([1], np.int64))]
    return model("crop", nodes, values, [CHANNELS, STEPS])


def operators(made):
    return sorted({n.op_type for n in made.graph.node})
