// Package ort runs networks through ONNX Runtime (libonnxruntime.so), which has
// every operator. One single-threaded session per worker scales with cores.
package ort

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"github.com/parus-lending/parus/models"
	onnx "github.com/yalue/onnxruntime_go"
)

// Find looks for the library: PARUS_ORT_LIB, beside the binary, the user's
// cache folder (parus/). The error says where it looked.
func Find() (string, error) {
	if p := os.Getenv("PARUS_ORT_LIB"); p != "" {
		if _, err := os.Stat(p); err != nil {
			return "", fmt.Errorf("PARUS_ORT_LIB: %w", err)
		}
		return p, nil
	}
	var folders []string
	if exe, err := os.Executable(); err == nil {
		folders = append(folders, filepath.Dir(exe))
	}
	if c, err := os.UserCacheDir(); err == nil {
		folders = append(folders, filepath.Join(c, "parus"))
	}
	for _, dir := range folders {
		found, _ := filepath.Glob(filepath.Join(dir, "libonnxruntime.so*"))
		sort.Strings(found)
		if len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	return "", fmt.Errorf("libonnxruntime.so is neither in PARUS_ORT_LIB nor in %s", strings.Join(folders, " nor in "))
}

var (
	starting sync.Mutex
	started  string // the library that runs; one per process
)

// Runtime is ONNX Runtime.
type Runtime struct{ version string }

// New loads the library. A process has one: another path is refused.
func New(path string) (*Runtime, error) {
	starting.Lock()
	defer starting.Unlock()
	if started == "" {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("ONNX Runtime: %w", err)
		}
		onnx.SetSharedLibraryPath(path)
		if err := onnx.InitializeEnvironment(onnx.WithLogLevelError()); err != nil {
			return nil, fmt.Errorf("start ONNX Runtime from %s: %w", path, err)
		}
		started = path
	} else if started != path {
		return nil, fmt.Errorf("start ONNX Runtime from %s: this process already runs %s", path, started)
	}
	return &Runtime{version: onnx.GetVersion()}, nil
}

// Name names the runtime and its version.
func (r *Runtime) Name() string { return models.OnnxRuntime + " " + r.version }

// Open makes a session with one thread.
func (r *Runtime) Open(card *models.Card, file []byte) (models.Session, error) {
	opt, err := onnx.NewSessionOptions()
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", card.Name, err)
	}
	defer opt.Destroy()
	if err := errors.Join(opt.SetIntraOpNumThreads(1), opt.SetInterOpNumThreads(1)); err != nil {
		return nil, fmt.Errorf("model %s: %w", card.Name, err)
	}
	s, err := onnx.NewDynamicAdvancedSessionWithONNXData(file, []string{card.InputName}, []string{card.OutputName}, opt)
	if err != nil {
		return nil, fmt.Errorf("model %s: ONNX Runtime cannot open %s: %w", card.Name, card.File, err)
	}
	return &session{card: card, s: s}, nil
}

type session struct {
	card *models.Card
	s    *onnx.DynamicAdvancedSession

	mu   sync.Mutex
	free []batch // that no run has
}

// batch is the tensors of one batch.
type batch struct{ x, y *onnx.Tensor[float32] }

// RunsConcurrently: ONNX Runtime does, and each run has tensors of its own.
func (s *session) RunsConcurrently() {}

// usualBatch is the fixed number of rows of a run where the card names none;
// short batches are padded with the first row, so that equal rows give equal bits
// wherever they stand.
const usualBatch = 256

// Run evaluates rows in batches of a fixed size.
func (s *session) Run(ctx context.Context, in []float32, rows int) ([]float32, error) {
	if err := models.CheckRows(s.card, in, rows); err != nil {
		return nil, err
	}
	ni, no, batch := models.Size(s.card.InputShape), models.Size(s.card.OutputShape), s.batch()
	room, err := s.take(batch)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", s.card.Name, err)
	}
	defer s.give(room)
	x, y := room.x, room.y
	out := make([]float32, 0, rows*no)
	for first := 0; first < rows; first += batch {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		n := min(batch, rows-first)
		buf := x.GetData()
		copy(buf, in[first*ni:(first+n)*ni])
		for k := n; k < batch; k++ {
			copy(buf[k*ni:(k+1)*ni], buf[:ni])
		}
		if err := s.s.Run([]onnx.Value{x}, []onnx.Value{y}); err != nil {
			return nil, fmt.Errorf("model %s: %w", s.card.Name, err)
		}
		out = append(out, y.GetData()[:n*no]...)
	}
	return out, nil
}

func (s *session) batch() int {
	if s.card.Batch == 0 {
		return usualBatch
	}
	return s.card.Batch
}

// take gives the tensors of a batch, those of an earlier run where there are any.
func (s *session) take(rows int) (b batch, err error) {
	s.mu.Lock()
	if n := len(s.free); n > 0 {
		b, s.free = s.free[n-1], s.free[:n-1]
	}
	s.mu.Unlock()
	if b.x != nil {
		return b, nil
	}
	if b.x, err = onnx.NewEmptyTensor[float32](shapeOf(rows, s.card.InputShape)); err != nil {
		return batch{}, err
	}
	if b.y, err = onnx.NewEmptyTensor[float32](shapeOf(rows, s.card.OutputShape)); err != nil {
		return batch{}, errors.Join(err, b.x.Destroy())
	}
	return b, nil
}

func (s *session) give(b batch) {
	s.mu.Lock()
	s.free = append(s.free, b)
	s.mu.Unlock()
}

func shapeOf(batch int, card []int) onnx.Shape {
	s := onnx.Shape{int64(batch)}
	for _, d := range card {
		s = append(s, int64(d))
	}
	return s
}

func (s *session) Close() error {
	var errs []error
	for _, b := range s.free {
		errs = append(errs, b.x.Destroy(), b.y.Destroy())
	}
	s.free = nil
	return errors.Join(append(errs, s.s.Destroy())...)
}
