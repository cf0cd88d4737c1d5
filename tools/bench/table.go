package main

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/parus-lending/parus/raster/gdal"
)

// line is one aim of the raster core.
type line struct {
	what, aim, got string
	ok             bool
}

func atLeast(what string, aim float64, unit string, got float64) line {
	return line{what, fmt.Sprintf("≥ %g× %s", aim, unit), fmt.Sprintf("%.1f×", got), got >= aim}
}

func atMost(what string, aim float64, unit string, got float64) line {
	return line{what, fmt.Sprintf("≤ %g %s", aim, unit), fmt.Sprintf("%.3g %s", got, unit), got > 0 && got <= aim}
}

func (r *results) lines() []line {
	rival, rivalFile := middleOf(r.rivals), middleOf(r.rivalFiles)
	file := middle(costs(r.files))
	filePeak := median(r.files, func(p process) float64 { return p.PeakMB })
	most := math.Max(math.Max(r.county.PeakMB, r.parcels.PeakMB), math.Max(r.countyFile.PeakMB, r.parcelsFile.PeakMB))
	work := r.gather.Kept.CPU - r.gather.Copy.CPU
	return []line{
		atLeast("whole 10-band date, coverage kept, against exactextract", 12, "by wall", rival.Wall/r.dates.Kept.Wall),
		atLeast("", 6.5, "per CPU second", rival.CPU/r.dates.Kept.CPU),
		atLeast("GeoPackage in to Parquet out, coverage computed", 8, "by wall", rivalFile.Wall/file.Wall),
		atLeast(fmt.Sprintf("%s fields on the same tile", thousands(r.county.Fields)), 18, "by wall", r.rivalCounty.Wall/r.county.Kept.Wall),
		atLeast("", 10, "per CPU second", r.rivalCounty.CPU/r.county.Kept.CPU),
		atMost("statistics and gathering, blocks already decoded", 0.55, "CPU s", work),
		atMost("coverage of the fields at 10 m", 0.25, "CPU s", r.cover.Cover10),
		atMost("coverage of the fields at 20 m", 0.15, "CPU s", r.cover.Cover20),
		atMost("60 dates of the whole tile, coverage kept", 120, "s", r.sixty.Kept.Wall),
		atMost("60 dates by `parus observe`, to Parquet", 120, "s", r.seasonFile.Wall),
		atMost(fmt.Sprintf("whole date of %s parcels, coverage kept, over that of the fields", thousands(r.parcels.Fields)), 3, "×", r.parcels.Kept.Wall/r.dates.Kept.Wall),
		atMost("peak memory, fields, coverage kept", 300, "MB", r.dates.PeakMB),
		atMost("peak memory, fields, `parus observe`", 300, "MB", filePeak),
		atMost("peak memory, the largest of all sets and ways", 1200, "MB", most),
	}
}

func (r *results) table() string {
	var b strings.Builder
	b.WriteString("| | reach | measured | |\n|---|---|---|---|\n")
	for _, l := range r.lines() {
		state := "ok"
		if !l.ok {
			state = "**short**"
		}
		if r.missing != nil && strings.HasPrefix(l.aim, "≥") {
			l.got, state = "not measured", ""
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", l.what, l.aim, l.got, state)
	}
	return b.String() + "\n"
}

// details are the times the ratios are made of.
func (r *results) details() string {
	var b strings.Builder
	b.WriteString("| | wall s | CPU s | peak MB |\n|---|---|---|---|\n")
	add := func(what string, c cost, peak float64) {
		mb := ""
		if peak > 0 {
			mb = fmt.Sprintf("%.0f", peak)
		}
		fmt.Fprintf(&b, "| %s | %.2f | %.2f | %s |\n", what, c.Wall, c.CPU, mb)
	}
	n := thousands(r.dates.Fields)
	add("Parus, "+n+" fields, a date, coverage kept", r.dates.Kept, r.dates.PeakMB)
	if r.missing == nil {
		add("exactextract, the same", middleOf(r.rivals), median(r.rivals, func(o opponent) float64 { return o.PeakMB }))
	}
	add("Parus, the same on a date without cloud", r.clear.Kept, r.clear.PeakMB)
	add("`parus observe`, GeoPackage to Parquet", middle(costs(r.files)), median(r.files, func(p process) float64 { return p.PeakMB }))
	if r.missing == nil {
		add("exactextract, the same", middleOf(r.rivalFiles), median(r.rivalFiles, func(o opponent) float64 { return o.PeakMB }))
	}
	add("Parus, "+thousands(r.county.Fields)+" fields, a date, coverage kept", r.county.Kept, r.county.PeakMB)
	if r.missing == nil {
		add("exactextract, the same", r.rivalCounty.cost, r.rivalCounty.PeakMB)
	}
	add("`parus observe`, "+thousands(r.county.Fields)+" fields", r.countyFile.cost, r.countyFile.PeakMB)
	add("Parus, "+thousands(r.parcels.Fields)+" parcels, a date, coverage kept", r.parcels.Kept, r.parcels.PeakMB)
	add("`parus observe`, "+thousands(r.parcels.Fields)+" parcels", r.parcelsFile.cost, r.parcelsFile.PeakMB)
	add("Parus, "+n+" fields, 60 dates, coverage kept", r.sixty.Kept, r.sixty.PeakMB)
	add("`parus observe`, "+n+" fields, 60 dates", r.seasonFile.cost, r.seasonFile.PeakMB)
	add(fmt.Sprintf("decoding alone, %d blocks, one reader", r.decode.Blocks), r.decode.Decode, 0)
	add("a date, blocks decoded already", r.gather.Kept, 0)
	add("of it copying these blocks out of memory", r.gather.Copy, 0)
	add("coverage of "+n+" fields, both grids", r.cover.Cover, 0)
	return b.String()
}

func machine(w *workload, r *results, load string) string {
	rival := "exactextract not measured"
	if len(r.rivals) > 0 {
		rival = fmt.Sprintf("exactextract 0.2.2 (%s, bands as %s, polygons as %s)", r.rivals[0].Way, r.rivals[0].Source, r.rivals[0].Form)
	}
	size := "one tile of 10980 × 10980 pixels"
	if w.quick {
		size = "**try-out on a small tile, no figures to quote**"
	}
	return fmt.Sprintf("%s; %d × %s, %s of memory; %s; %s, GDAL %s, %s; load before %s, after %s. Medians of %d runs in turn (county and parcels: one).\n\n",
		size, runtime.NumCPU(), entry("/proc/cpuinfo", "model name"), memory(), time.Now().UTC().Format("2 January 2006"), runtime.Version(), gdal.Version(), rival, load, loadavg(), len(r.files))
}

func memory() string {
	var kb float64
	if _, err := fmt.Sscanf(entry("/proc/meminfo", "MemTotal"), "%f", &kb); err != nil {
		return "unknown size"
	}
	return fmt.Sprintf("%.0f GiB", kb/1024/1024)
}

// entry is the first value of a key in a file of lines "key : value".
func entry(path, key string) string {
	b, _ := os.ReadFile(path)
	for _, l := range strings.Split(string(b), "\n") {
		if k, v, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return "unknown"
}

func loadavg() string {
	b, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(b), " ")
	return first
}

func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func costs(all []process) []cost {
	var out []cost
	for _, p := range all {
		out = append(out, p.cost)
	}
	return out
}

func middleOf(all []opponent) cost {
	if len(all) == 0 {
		return cost{}
	}
	var out []cost
	for _, o := range all {
		out = append(out, o.cost)
	}
	return middle(out)
}
