// Command bench makes the workload of `make bench-raster`, times package raster
// on it beside exactextract, and writes the table of docs/benchmarks.md:
//
//	go run ./tools/bench make              one satellite tile and its fields, made once
//	go run ./tools/bench calibrate         bits per pixel beside those of real imagery
//	go run ./tools/bench date SET [clear]  one date of ten bands, coverage kept; SET is fields, county or parcels
//	go run ./tools/bench season SET        sixty dates
//	go run ./tools/bench decode SET        reading the touched blocks alone
//	go run ./tools/bench gather SET        everything but the reading
//	go run ./tools/bench cover SET         coverage alone
//	go run ./tools/bench exact             what tools/compare_exactextract.py holds against exactextract
//	go run ./tools/bench report [FILE]     all of these and exactextract in turn; the tables go to FILE too
//
// The measuring commands print one line of JSON (type figures).
// PARUS_BENCH_DIR names the folder (default: the user's cache folder);
// PARUS_BENCH_QUICK=1 takes a small tile and few fields, to try the harness;
// PARUS_BENCH_RUNS says how often the tools take turns on the fields (3).
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	w, err := newWorkload(os.Getenv("PARUS_BENCH_QUICK") != "")
	if err != nil {
		return err
	}
	if len(args) == 0 {
		return fmt.Errorf("say what to do: make, calibrate, date, season, decode, gather, cover, exact or report")
	}
	name, runs := "fields", 5
	if len(args) > 1 {
		name = args[1]
	}
	switch args[0] {
	case "make":
		return w.create(ctx)
	case "calibrate":
		return calibrate(ctx, w, testData())
	case "date":
		catalog := "date"
		if len(args) > 2 {
			catalog = args[2]
		}
		return date(ctx, w, name, catalog, runs)
	case "season":
		return season(ctx, w, name)
	case "decode":
		return decodeOnly(ctx, w, name, runs)
	case "gather":
		return gather(ctx, w, name, runs)
	case "cover":
		return coverage(w, name, runs)
	case "exact":
		return exact(ctx, w)
	case "report":
		into := ""
		if len(args) > 1 {
			into = args[1]
		}
		runs := 3
		if n, err := strconv.Atoi(os.Getenv("PARUS_BENCH_RUNS")); err == nil && n > 0 {
			runs = n
		}
		return report(ctx, w, runs, into)
	}
	return fmt.Errorf("no command %q", args[0])
}

// testData is the folder with real imagery.
func testData() string {
	if d := os.Getenv("PARUS_TEST_DATA"); d != "" {
		return d
	}
	return filepath.Join("..", "shared", "data")
}
