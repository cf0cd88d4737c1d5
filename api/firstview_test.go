package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"testing"

	"github.com/parus-lending/parus/data/store/storetest"
)

// BenchmarkFirstView opens the map of a county of PARUS_BENCH_PARCELS parcels in
// Chromium with a processor four times as slow, as one who has signed in: first
// when the service has said that the run is ready and nobody has looked, four
// times more, and once more in the moment in which a newer run was published, of
// which the service then hears too. PARUS_KEEP_SHOTS is a folder for screenshots.
func BenchmarkFirstView(b *testing.B) {
	n, err := strconv.Atoi(os.Getenv("PARUS_BENCH_PARCELS"))
	if err != nil {
		b.Skip("make bench-map")
	}
	at := benchServices(b, n)
	look := viewer(b, at)
	at.ready(b)
	var seconds, shown []float64
	for range 5 {
		still, screen := look(func() {})
		seconds, shown = append(seconds, still), append(shown, screen)
	}
	b.ReportMetric(seconds[0], "s-first")
	slices.Sort(seconds)
	slices.Sort(shown)
	b.ReportMetric(shown[len(shown)/2], "s-median-shown")
	b.ReportMetric(seconds[len(seconds)/2], "s-median")
	b.ReportMetric(seconds[len(seconds)-1], "s-most")
	newer := storetest.Run(b, at.county, n+1)
	still, _ := look(func() {
		if _, err := at.owner.Publish(context.Background(), newer); err != nil {
			b.Fatal(err)
		}
	})
	b.ReportMetric(still, "s-as-published")
	b.ReportMetric(0, "ns/op")
}

// viewer starts a browser. look takes a new window, calls before once that window
// is still, and says how many seconds the map then takes until it is still, and
// until its last picture is on the screen.
func viewer(b *testing.B, at *benched) (look func(before func()) (still, shown float64)) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command("node", "web/test/firstview.mjs", at.ours, at.token)
	cmd.Env = append(os.Environ(), "CHROMIUM="+chromium, "SHOTS="+os.Getenv("PARUS_KEEP_SHOTS"))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			b.Error(err)
		}
	})
	lines := bufio.NewScanner(out)
	line := func() []byte {
		if !lines.Scan() {
			b.Fatal("the browser has ended: ", lines.Err())
		}
		return lines.Bytes()
	}
	return func(before func()) (still, shown float64) {
		if text := string(line()); text != "ready" {
			b.Fatal(text)
		}
		before()
		if _, err := io.WriteString(in, "look\n"); err != nil {
			b.Fatal(err)
		}
		var seen struct{ MS, Shown float64 }
		text := line()
		b.Logf("%s", text)
		if err := json.Unmarshal(text, &seen); err != nil {
			b.Fatal(err)
		}
		return seen.MS / 1000, seen.Shown / 1000
	}
}
