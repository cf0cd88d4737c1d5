package report

import (
	"bytes"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/paulmach/orb"
)

func TestReportOfAVillage(t *testing.T) {
	dir := makeRun(t, 50)
	html := built(t, dir)
	if keep := os.Getenv("PARUS_KEEP_REPORT"); keep != "" {
		os.WriteFile(keep+"-village.html", []byte(html), 0o644)
	}
	if n := strings.Count(html, `<details class="sheet"`); n != 25 { // 50 plots, two to a grower
		t.Errorf("%d sheets, want 25", n)
	}
	if n := strings.Count(html, "data:image/png;base64,"); n != 4 {
		t.Errorf("%d maps, want 4", n)
	}
	// The sum of the admitted limits, added up here from the file.
	ds, err := rundir.ReadDecisions(dir)
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, d := range ds {
		if d.Outcome == "admit" {
			sum += d.LimitFen
		}
	}
	if !strings.Contains(html, yuan(sum)) {
		t.Errorf("the report does not show the sum of admitted limits %s", yuan(sum))
	}
	if sum == 0 {
		t.Error("nobody is admitted: the test shows nothing")
	}
	if again := built(t, dir); again != html {
		t.Error("the same files give another report")
	}
}

// Free text from a file must never become markup, and the page must load
// nothing and run nothing.
func TestReportIsSelfContainedAndEscaped(t *testing.T) {
	html := built(t, makeRun(t, 50))
	if strings.Contains(html, "<script") {
		t.Error("there is a script in the page")
	}
	if !strings.Contains(html, "&lt;script&gt;") {
		t.Error("the marked text is not shown at all")
	}
	for _, ref := range regexp.MustCompile(`(?:src|href)="([^"]*)"|url\(([^)]*)\)|@import`).FindAllStringSubmatch(html, -1) {
		if !strings.HasPrefix(ref[1], "#") && !strings.HasPrefix(ref[1], "data:") {
			t.Errorf("the page refers to %q outside itself", ref[0])
		}
	}
	if strings.Contains(html, "ZgotmplZ") {
		t.Error("a value was refused by the template")
	}
	if strings.Contains(html, "NaN") || strings.Contains(html, "Inf") {
		t.Error("a number that is none stands in the page")
	}
	if links := regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(html, -1); len(links) < 10 {
		t.Errorf("only %d links", len(links))
	} else {
		for _, l := range links {
			if !strings.Contains(html, `id="`+l[1]+`"`) {
				t.Errorf("link to #%s leads nowhere", l[1])
			}
		}
	}
}

func TestReportOfARunWithNothingInIt(t *testing.T) {
	dir := t.TempDir()
	for _, err := range []error{
		rundir.WriteInfo(dir, rundir.Info{Name: "empty", Season: "2024", AsOf: "2024-01-05"}), rundir.WriteShapes(dir, nil), rundir.WriteFindings(dir, nil),
		rundir.WriteDecisions(dir, nil), rundir.WriteParquet(filepath.Join(dir, rundir.PlotsFile), []rundir.Plot{}),
		rundir.WriteParquet(filepath.Join(dir, rundir.CyclesFile), []rundir.Cycle{}), rundir.WriteParquet(filepath.Join(dir, rundir.SeriesFile), []rundir.SeriesRow{}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if html := built(t, dir); strings.Contains(html, "NaN") {
		t.Error("a number that is none stands in the page")
	}
	if err := Build(t.TempDir(), Options{}); err == nil || !strings.Contains(err.Error(), rundir.InfoFile) {
		t.Errorf("a folder without a run: %v", err)
	}
}

// Where no crop has plots enough for grades, the map shows leaf area instead.
func TestGrowthMapWithoutGrades(t *testing.T) {
	dir := makeRun(t, 50)
	path := filepath.Join(dir, rundir.CyclesFile)
	cycles, err := rundir.ReadCycles(dir)
	if err != nil {
		t.Fatal(err)
	}
	if html := built(t, dir); !strings.Contains(html, "strongest fifth") || strings.Contains(html, "LAI 3–4") {
		t.Error("with grades: the map of grades is missing, or leaf area stands in for it")
	}
	for i := range cycles {
		cycles[i].GrowthGrade = nil
	}
	if err := rundir.WriteParquet(path, cycles); err != nil {
		t.Fatal(err)
	}
	if html := built(t, dir); strings.Contains(html, "strongest fifth") || !strings.Contains(html, "LAI 3–4") {
		t.Error("without grades: leaf area does not stand in")
	}
}

func TestSheetShowsNamesOnlyWhenGiven(t *testing.T) {
	dir := makeRun(t, 50)
	grower := fmt.Sprintf("g%015d", 3)
	var with, without bytes.Buffer
	if err := Sheet(dir, grower, map[string]string{grower: "王小明", "g000000000000004": "李四"}, &with); err != nil {
		t.Fatal(err)
	}
	if err := Sheet(dir, grower, nil, &without); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(with.String(), "王小明") || strings.Contains(with.String(), "李四") {
		t.Error("the sheet shows another name than the grower's")
	}
	if strings.Contains(without.String(), "王小明") || !strings.Contains(without.String(), grower) {
		t.Error("the sheet without names is wrong")
	}
	for _, plot := range []string{"P000006", "P000007"} { // the two plots of grower 3
		if !strings.Contains(without.String(), plot) {
			t.Errorf("plot %s is not on the sheet", plot)
		}
	}
	var third bytes.Buffer // grower 1 farms plot 3, of which imagery could not be read
	if err := Sheet(dir, fmt.Sprintf("g%015d", 1), nil, &third); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"S2_20240501 B08", "S2_20240511 SCL", "Bright and bare"} {
		if !strings.Contains(third.String(), want) {
			t.Errorf("the sheet does not say %q", want)
		}
	}
	if err := Sheet(dir, "nobody", nil, io.Discard); err == nil || !strings.Contains(err.Error(), "nobody") {
		t.Errorf("an unknown grower: %v", err)
	}
}

// The picture puts land where it lies: two squares of 1 km, the western one of
// class 0, the eastern one of class 1, with a gap of 1 km between. By hand: the
// frame is 3 km wide with 2 % (60 m) of margin on each side.
func TestPictureShowsLandWhereItLies(t *testing.T) {
	const lat0 = 33.0
	k := metresPerDegree * math.Cos(lat0*math.Pi/180)
	square := func(east float64) rundir.Shape {
		w, e, s, n := 116+east/k, 116+(east+1000)/k, lat0-500/metresPerDegree, lat0+500/metresPerDegree
		return rundir.Shape{AreaMu: 1500, Polygon: orb.MultiPolygon{{{{w, s}, {e, s}, {e, n}, {w, n}, {w, s}}}}}
	}
	b, f, err := picture([]rundir.Shape{square(0), square(2000)}, []int{0, 1}, []color.RGBA{rgb(0xff0000), rgb(0x0000ff)})
	if err != nil {
		t.Fatal(err)
	}
	if want := float64(mapPixels) / 3120; math.Abs(f.metre-want) > want*.001 {
		t.Errorf("%g pixels to a metre, want %g", f.metre, want)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []struct {
		east, north float64 // from the south-west corner of the land
		want        color.RGBA
	}{
		{500, 500, rgb(0xff0000)}, {60, 940, rgb(0xff0000)}, {1500, 500, paper}, {2500, 500, rgb(0x0000ff)}, {2940, 60, rgb(0x0000ff)}, {-30, 500, paper}, {500, -30, paper},
	} {
		x, y := int((at.east+60)*f.metre), int((1000-at.north+60)*f.metre)
		if got := color.RGBAModel.Convert(img.At(x, y)); got != at.want {
			t.Errorf("%g m east, %g m north: %v, want %v", at.east, at.north, got, at.want)
		}
	}
	// 3,120 m wide: a fifth is 624 m, so the ruler is 500 m; the square's side is
	// at most 3,120/22 = 141.8 m, 30.2 mu, so 20 mu.
	if s := f.scale(); s.Metres != 500 || s.Mu != 20 || math.Abs(s.Bar-500.0/3120) > 1e-3 || math.Abs(s.Side-math.Sqrt(20*2000.0/3)/3120) > 1e-3 {
		t.Errorf("scale %+v", s)
	}
}

// A hole in a parcel stays paper, whichever way its ring runs; land smaller
// than a pixel is still seen.
func TestPictureOfHolesAndSpecks(t *testing.T) {
	box := func(x0, y0, x1, y1 float64, turned bool) orb.Ring {
		r := orb.Ring{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}
		if turned {
			r.Reverse()
		}
		return r
	}
	for _, turned := range []bool{false, true} {
		for _, holeTurned := range []bool{false, true} {
			field := rundir.Shape{AreaMu: 1e6, Polygon: orb.MultiPolygon{{box(0, 0, 1, 1, turned), box(.25, .25, .75, .75, holeTurned)}}}
			speck := rundir.Shape{AreaMu: 1, Polygon: orb.MultiPolygon{{box(.5, .5, .50001, .50001, false)}}}
			b, f, err := picture([]rundir.Shape{field, speck}, []int{0, 1}, []color.RGBA{rgb(0xff0000), rgb(0x0000ff)})
			if err != nil {
				t.Fatal(err)
			}
			img, err := png.Decode(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			see := func(lon, lat float64) color.Color {
				x, y := f.at(orb.Point{lon, lat})
				return color.RGBAModel.Convert(img.At(int(x), int(y)))
			}
			if see(.1, .5) != rgb(0xff0000) || see(.4, .4) != paper {
				t.Errorf("turned %t, hole turned %t: field %v, hole %v", turned, holeTurned, see(.1, .5), see(.4, .4))
			}
			if see(.500005, .500005) == paper {
				t.Error("the speck is not seen")
			}
		}
	}
}

func TestNumbersForPeople(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{number(1234567.891, 2), "1,234,567.89"}, {number(999, 0), "999"}, {number(-1234.5, 1), "−1,234.5"}, {number(-.01, 1), "0.0"}, {number(0, 0), "0"},
		{yuan(123_450_000), "¥1,234,500"}, {yuan(150), "¥1.50"}, {yuan(0), "¥0"}, {yuan(-150), "−¥1.50"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	for top, want := range map[float64]string{4: "[0 1 2 3 4]", 532: "[0 200 400 600]", 7: "[0 2.5 5 7.5]"} {
		n := 4
		if top > 4 {
			n = 3
		}
		if got := fmt.Sprint(ticks(top, n)); got != want {
			t.Errorf("ticks to %g: %s, want %s", top, got, want)
		}
	}
}

func chromium(t *testing.T, page string, flags ...string) (stdout, stderr []byte) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("chromium is missing: tools/setup.sh packages test installs it")
		}
		t.Skip("chromium is not installed (tools/setup.sh packages test): the report was not opened in a browser")
	}
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--user-data-dir=" + t.TempDir()}, flags...)
	cmd := exec.Command(path, append(args, "file://"+page)...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(90*time.Second, func() { cmd.Process.Kill() })
	defer late.Stop()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("chromium: %v\n%s", err, errs.String())
	}
	return out.Bytes(), errs.Bytes()
}

// A browser opens the report: nothing on the console, every picture decoded,
// and the page is not blank.
func TestReportOpensInABrowser(t *testing.T) {
	dir := makeRun(t, 50)
	built(t, dir)
	page := filepath.Join(dir, rundir.ReportFile)
	shot := filepath.Join(t.TempDir(), "shot.png")
	_, console := chromium(t, page, "--enable-logging=stderr", "--hide-scrollbars", "--window-size=1280,1600", "--screenshot="+shot)
	for _, line := range strings.Split(string(console), "\n") {
		if strings.Contains(line, "CONSOLE") {
			t.Errorf("on the console: %s", line)
		}
	}
	f, err := os.Open(shot)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	// The maps alone use a dozen colours; a blank page one, an error page few.
	colours := map[[3]uint32]int{}
	for y := 400; y < img.Bounds().Dy(); y += 3 {
		for x := 0; x < img.Bounds().Dx(); x += 3 {
			r, g, b, _ := img.At(x, y).RGBA()
			colours[[3]uint32{r >> 8, g >> 8, b >> 8}]++
		}
	}
	for _, w := range []word{outcomes[0], cropWord("rice"), cropWord("maize"), grades[0]} {
		c := [3]uint32{uint32(w.Colour.R), uint32(w.Colour.G), uint32(w.Colour.B)}
		if colours[c] < 60 {
			t.Errorf("the colour of %s is on %d pixels of every ninth: its map is not there", w.EN, colours[c])
		}
	}
}

// No bar of the histogram is higher than its axis, however few the growers:
// every rectangle stays within the drawing.
func TestHistogramStaysInItsFrame(t *testing.T) {
	for _, limits := range [][]int64{{1}, {1, 1}, {1, 1, 2}, {1, 1, 1, 1, 1, 9}, {5, 5, 5, 5, 5, 5, 5}} {
		r := &run{}
		for i, l := range limits {
			r.order = append(r.order, &decision{Grower: fmt.Sprint(i), Outcome: []string{"admit", "refer"}[i%2], LimitFen: l * 100_00})
		}
		svg, step := r.limits()
		if step <= 0 {
			t.Errorf("%v: step %d", limits, step)
		}
		bars, high := regexp.MustCompile(`<rect[^>]* y="([-0-9.]+)" width="[^"]*" height="([-0-9.]+)"`).FindAllStringSubmatch(string(svg), -1), 0.0
		for _, b := range bars {
			var y, h float64
			fmt.Sscan(b[1], &y)
			fmt.Sscan(b[2], &h)
			high = max(high, h)
			if y < 7.9 || y+h > 170.1 { // margins 8 above and 20 below in a height of 190
				t.Errorf("%v: a bar from %g, %g high", limits, y, h)
			}
		}
		if high == 0 {
			t.Errorf("%v: no bar at all", limits)
		}
	}
}
