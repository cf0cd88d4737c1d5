package api_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkFirstView opens the map of a county of PARUS_BENCH_PARCELS parcels in
// Chromium with a processor four times as slow, as one who has signed in; of five
// rounds the first makes the tiles. PARUS_KEEP_SHOTS is a folder for screenshots.
func BenchmarkFirstView(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("PARUS_BENCH_PARCELS"))
	if err != nil {
		b.Skip("make bench-map")
	}
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		b.Fatal(err)
	}
	ours, _, _, _, _, token, _, _ := benchServices(b, n)
	cmd := exec.Command("node", "web/test/firstview.mjs", ours, token, "5")
	cmd.Env = append(os.Environ(), "CHROMIUM="+chromium, "SHOTS="+os.Getenv("PARUS_KEEP_SHOTS"))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	b.Logf("%s", out)
	if err != nil {
		b.Fatal(err)
	}
	var ms []float64
	for line := range strings.Lines(string(out)) {
		var seen struct{ MS float64 }
		if err := json.Unmarshal([]byte(line), &seen); err != nil {
			b.Fatal(err)
		}
		ms = append(ms, seen.MS)
	}
	b.ReportMetric(ms[0]/1000, "s-first")
	slices.Sort(ms)
	b.ReportMetric(ms[len(ms)/2]/1000, "s-median")
	b.ReportMetric(ms[len(ms)-1]/1000, "s-most")
	b.ReportMetric(0, "ns/op")
}
