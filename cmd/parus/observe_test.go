package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
)

// The command over the sample county: rows for every parcel, scene and band.
func TestObserveCommand(t *testing.T) {
	county := smallCounty(t)
	out := filepath.Join(t.TempDir(), "o.parquet")
	said := parus(t, "observe", "--scenes", filepath.Join(county, "scenes", "catalog.json"), "--parcels", filepath.Join(county, "parcels.gpkg"), "--out", out)
	rows, err := rundir.ReadParquet[rundir.Observation](out)
	if err != nil {
		t.Fatal(err)
	}
	ids, scenes, used := map[string]bool{}, map[string]bool{}, 0
	for _, r := range rows {
		ids[r.ParcelID], scenes[r.SceneID] = true, true
		if r.Count > 0 && r.Mean != nil && *r.Mean > -0.1 && *r.Mean < 1.5 {
			used++
		}
	}
	if len(ids) < 100 || len(scenes) != 14 || len(rows) != len(ids)*len(scenes)*len(raster.OpticalBands) || used < len(rows)/3 {
		t.Errorf("%d parcels, %d scenes, %d rows, %d with a count", len(ids), len(scenes), len(rows), used)
	}
	if !strings.Contains(said, fmt.Sprintf("%d polygons × 14 scenes: %d rows in %s", len(ids), len(rows), out)) {
		t.Errorf("the summary says\n%s", said)
	}
}

func TestObserveCommandLine(t *testing.T) {
	county := smallCounty(t)
	base := []string{"observe", "--scenes", filepath.Join(county, "scenes", "catalog.json"), "--parcels", filepath.Join(county, "parcels.gpkg")}
	code := func(args ...string) (int, string) {
		b, err := command(args...).CombinedOutput()
		var e *exec.ExitError
		if errors.As(err, &e) {
			return e.ExitCode(), string(b)
		}
		return 0, string(b)
	}
	for _, c := range []struct {
		code int
		says string
		args []string
	}{
		{0, "FILE.rejects.csv", []string{"observe", "--help"}},
		{2, "--out", base},
		{2, "is not a size", append(base, "--out", "x.parquet", "--memory", "much")},
		{2, "too little", append(base, "--out", "x.parquet", "--memory", "10MB")},
		{2, "--from", append(base, "--out", "x.parquet", "--from", "yesterday")},
		{2, "--min-coverage", append(base, "--out", "x.parquet", "--min-coverage", "2")},
		{1, "no scene to observe", append(base, "--out", filepath.Join(t.TempDir(), "x.parquet"), "--from", "2031-01-01")},
		{1, "make it first", append(base, "--out", filepath.Join(t.TempDir(), "no", "x.parquet"))},
	} {
		if got, said := code(c.args...); got != c.code || !strings.Contains(said, c.says) {
			t.Errorf("%v: exit %d, want %d saying %q:\n%s", c.args, got, c.code, c.says, said)
		}
	}
}

// Ctrl-C ends with 130, says that nothing was written, and it is true. The
// imagery comes from a server that gives none once the output is begun, so that
// the run cannot be over before it is stopped.
func TestObserveStopped(t *testing.T) {
	county, dir := smallCounty(t), t.TempDir()
	files := http.FileServer(http.Dir(filepath.Join(county, "scenes")))
	held, drop := make(chan struct{}), make(chan struct{})
	var once sync.Once
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if begun, _ := filepath.Glob(filepath.Join(dir, ".tmp-*")); len(begun) > 0 && strings.HasSuffix(r.URL.Path, ".tif") {
			once.Do(func() { close(held) })
			<-drop
			panic(http.ErrAbortHandler)
		}
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	c := command("observe", "--scenes", server.URL+"/catalog.json", "--parcels", filepath.Join(county, "parcels.gpkg"), "--out", filepath.Join(dir, "o.parquet"))
	var said strings.Builder
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = c.Wait()
	}()
	select {
	case <-held:
	case <-over:
	case <-time.After(2 * time.Minute):
		_ = c.Process.Kill()
	}
	_ = c.Process.Signal(os.Interrupt)
	time.Sleep(300 * time.Millisecond) // reads go on to be held while the signal is taken
	close(drop)
	<-over
	if code := c.ProcessState.ExitCode(); code != 130 || !strings.Contains(said.String(), "nothing was written") {
		t.Errorf("exit %d:\n%s", code, said.String())
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("%v is left behind", left)
	}
}

// Two hundred thousand polygons within the memory given: 250 MB, where one
// strip would take twice that.
func TestObserveStaysWithinMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads 200,000 polygons")
	}
	county, dir := smallCounty(t), t.TempDir()
	src, err := vector.OpenPolygons(filepath.Join(county, "parcels.gpkg"), vector.Options{})
	if err != nil {
		t.Fatal(err)
	}
	box, ok := src.Bound()
	src.Close()
	if !ok {
		t.Fatal("the sample's land has no box")
	}
	const across = 448 // squared, about 200,000
	var land []vector.Feature
	dx, dy := (box.Max[0]-box.Min[0])/across, (box.Max[1]-box.Min[1])/across
	for i := range across * across {
		// Polygons of 20 corners that lie over each other, a few hectares each.
		ring := polygon20(orb.Point{box.Min[0] + dx*float64(i%across), box.Min[1] + dy*float64(i/across)}, 0.0008)
		land = append(land, vector.Feature{Polygon: orb.MultiPolygon{{ring}}, Values: []any{fmt.Sprint(i)}})
	}
	in := filepath.Join(dir, "many.gpkg")
	if err := vector.WriteGPKG(in, "land", 4326, []vector.Field{{Name: "id"}}, land); err != nil {
		t.Fatal(err)
	}
	land = nil
	out := filepath.Join(dir, "many.parquet")
	peak := func(memory string, days ...string) (mb float64) {
		c := command(append([]string{"observe", "--scenes", filepath.Join(county, "scenes", "catalog.json"), "--parcels", in, "--out", out, "--memory", memory}, days...)...)
		var said strings.Builder
		c.Stdout, c.Stderr = &said, &said
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		// Not the rusage of the child: on Linux that begins with this process's own.
		done := make(chan struct{})
		watched := make(chan float64)
		go func() {
			mb := 0.0
			for {
				select {
				case <-done:
					watched <- mb
					return
				case <-time.After(3 * time.Millisecond):
					mb = max(mb, highWater(c.Process.Pid))
				}
			}
		}()
		err := c.Wait()
		close(done)
		mb = <-watched
		if err != nil {
			t.Fatalf("%v\n%s", err, said.String())
		}
		return mb
	}
	first := sceneDay(t, county)
	small := peak("250MB", "--to", first)
	rows := 0
	if err := rundir.Each(out, func(r []rundir.Observation) error { rows += len(r); return nil }); err != nil {
		t.Fatal(err)
	}
	if rows < 1_500_000 {
		t.Errorf("only %d rows: the test looks at too little", rows)
	}
	t.Logf("peak %.0f MB with 250 MB given", small)
	if small > 255 {
		t.Errorf("%.0f MB where 250 MB were given", small)
	}
	if large := peak("2GB", "--to", first); large < 1.2*small {
		t.Errorf("%.0f MB with 250 MB given and %.0f MB with 2 GB: the land is too small to show anything", small, large)
	}
}

// highWater is VmHWM of a process that runs, in MB; 0 when it is over.
func highWater(pid int) float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "VmHWM:")
	var kb float64
	_, _ = fmt.Sscan(rest, &kb)
	return kb * 1024 / 1e6
}

// sceneDay is the day of the county's first scene.
func sceneDay(t *testing.T, county string) string {
	t.Helper()
	scenes, _, err := raster.ReadCatalog(t.Context(), filepath.Join(county, "scenes", "catalog.json"), raster.CatalogOptions{})
	if err != nil || len(scenes) == 0 {
		t.Fatal(len(scenes), err)
	}
	return parcels.DateOf(scenes[0].Time.UTC()).String()
}

// polygon20 is a ring of 20 corners in degrees.
func polygon20(at orb.Point, r float64) orb.Ring {
	var ring orb.Ring
	for i := range 20 {
		out := 0.7 + 0.3*float64(i*7%5)/5
		p := unit20[i]
		ring = append(ring, orb.Point{at[0] + r*out*p[0], at[1] + r*out*p[1]})
	}
	return append(ring, ring[0])
}

// unit20 are 20 points around a diamond.
var unit20 = func() (out [20]orb.Point) {
	for i := range out {
		f := float64(i%5) / 5
		out[i] = [4]orb.Point{{1 - f, f}, {-f, 1 - f}, {f - 1, -f}, {f, f - 1}}[i/5]
	}
	return out
}()

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]int64{"1GB": 1e9, "1.5gb": 15e8, "800 MB": 8e8, "512MiB": 512 << 20, "2GiB": 2 << 30, "300M": 3e8, "1000000": 1e6, "10B": 10} {
		if got, err := parseBytes(text); err != nil || got != want {
			t.Errorf("%s: %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "GB", "-1GB", "1XB", "NaN", "1e300GB", "Inf"} {
		if got, err := parseBytes(text); err == nil {
			t.Errorf("%q gave %d", text, got)
		}
	}
}
