package models

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// checkOperators refuses a file that uses an operator its card does not list:
// a runtime is chosen by the card, so the card must not be silent on one.
func checkOperators(c *Card, onnx []byte) error {
	ops, err := fileOperators(onnx)
	if err != nil {
		return fmt.Errorf("model %s: %s is no ONNX file: %w", c.Name, c.File, err)
	}
	for _, op := range ops {
		if !slices.Contains(c.Operators, op) {
			return fmt.Errorf("model %s is refused: %s uses the operator %s, which its card does not list", c.Name, c.File, op)
		}
	}
	return nil
}

// fileOperators are the operators of an ONNX file's main graph, in order of
// first use: ModelProto.graph = 7, GraphProto.node = 1, NodeProto.op_type = 4
// (onnx.proto3).
func fileOperators(onnx []byte) ([]string, error) {
	var ops []string
	graphs, err := fields(onnx, 7)
	if err != nil {
		return nil, err
	}
	for _, g := range graphs {
		nodes, err := fields(g, 1)
		if err != nil {
			return nil, err
		}
		for _, n := range nodes {
			types, err := fields(n, 4)
			if err != nil {
				return nil, err
			}
			for _, t := range types {
				if !slices.Contains(ops, string(t)) {
					ops = append(ops, string(t))
				}
			}
		}
	}
	if len(ops) == 0 {
		return nil, fmt.Errorf("it holds no graph with operators")
	}
	return ops, nil
}

// fields returns the contents of every length-delimited field of that number.
func fields(msg []byte, number protowire.Number) ([][]byte, error) {
	var out [][]byte
	for len(msg) > 0 {
		num, typ, n := protowire.ConsumeTag(msg)
		if n < 0 {
			return nil, protowire.ParseError(n)
		}
		msg = msg[n:]
		if num == number && typ == protowire.BytesType {
			v, n := protowire.ConsumeBytes(msg)
			if n < 0 {
				return nil, protowire.ParseError(n)
			}
			out, msg = append(out, v), msg[n:]
			continue
		}
		if n = protowire.ConsumeFieldValue(num, typ, msg); n < 0 {
			return nil, protowire.ParseError(n)
		}
		msg = msg[n:]
	}
	return out, nil
}
