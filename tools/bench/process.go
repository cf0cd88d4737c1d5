package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// process is what a whole process took, as the system counts it.
type process struct {
	cost
	PeakMB float64
	out    []byte
}

// start runs a command to its end; its errors go to the terminal.
func start(ctx context.Context, name string, args ...string) (process, error) {
	fmt.Fprintf(os.Stderr, "  %s %s\n", name, strings.Join(args, " "))
	cmd := exec.CommandContext(ctx, name, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		return process{}, fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, tail(errs.String()))
	}
	p := process{cost: cost{Wall: time.Since(begin).Seconds()}, out: out.Bytes()}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		p.CPU, p.PeakMB = seconds(u.Utime)+seconds(u.Stime), float64(u.Maxrss)*1024/1e6
	}
	return p, nil
}

func tail(s string) string {
	if len(s) > 2000 {
		return "… " + s[len(s)-2000:]
	}
	return s
}

// measured runs a measuring command of this program in a process of its own,
// so that its peak memory is its own.
func measured(ctx context.Context, args ...string) (figures, error) {
	self, err := os.Executable()
	if err != nil {
		return figures{}, err
	}
	p, err := start(ctx, self, args...)
	if err != nil {
		return figures{}, err
	}
	var f figures
	if err := json.Unmarshal(p.out, &f); err != nil {
		return f, fmt.Errorf("bench %s printed %q: %w", strings.Join(args, " "), p.out, err)
	}
	return f, nil
}

// opponent is what tools/bench/exactextract_date.py prints.
type opponent struct {
	cost
	Fields int     `json:"fields"`
	PeakMB float64 `json:"peak_mb"`
	Source string  `json:"source"`
	Way    string  `json:"strategy"`
	Form   string  `json:"features"` // how polygons are handed over
}

func python() string {
	if p := os.Getenv("PYTHON"); p != "" {
		return p
	}
	return "python3"
}

func (w *workload) exactextract(ctx context.Context, name, out string) (opponent, error) {
	args := []string{"tools/bench/exactextract_date.py", w.path("scene"), w.path(name + ".gpkg")}
	if out != "" {
		args = append(args, "--out", out)
	}
	p, err := start(ctx, python(), append(args, strings.Fields(os.Getenv("EXACTEXTRACT_FLAGS"))...)...)
	if err != nil {
		return opponent{}, err
	}
	var o opponent
	if err := json.Unmarshal(p.out, &o); err != nil {
		return o, fmt.Errorf("exactextract_date.py printed %q: %w", p.out, err)
	}
	return o, nil
}

// parus runs `parus observe` from GeoPackage to Parquet.
func (w *workload) parus(ctx context.Context, name, catalog string) (process, error) {
	bin := os.Getenv("PARUS")
	if bin == "" {
		bin = "bin/parus"
	}
	return start(ctx, bin, "observe", "--scenes", w.path(catalog+"/catalog.json"), "--parcels", w.path(name+".gpkg"), "--out", w.path(name+"-"+catalog+".parquet"))
}
