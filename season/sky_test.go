package season

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/sample"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/raster"
)

// everywhere is a cloud network that says one thing of every pixel.
type everywhere struct {
	clear float32
	err   error
}

func (everywhere) Bands() []raster.Band { return []raster.Band{raster.B02, raster.B11} }
func (everywhere) Side() int            { return 256 }
func (everywhere) Close() error         { return nil }
func (everywhere) Shared() bool         { return false }

func (e everywhere) Clear(_ context.Context, planes [][]float32) ([]float32, error) {
	out := make([]float32, len(planes[0]))
	for i := range out {
		out[i] = e.clear
	}
	return out, e.err
}

// The network is asked of the disputed looks and of no other, and its voice is
// heard: where it calls everything clear, SCL and it outvote time and no look is
// left out for it; where it calls everything cloud, each disputed look that it was
// asked of is left out; where it fails, all is as without it, but for a warning.
func TestTheNetworkIsHeardWhereWitnessesDisagree(t *testing.T) {
	ctx, county, out := context.Background(), t.TempDir(), t.TempDir()
	if err := sample.County(ctx, county, sample.CountyOptions{Seed: 9, Parcels: 80, Scenes: 12}); err != nil {
		t.Fatal(err)
	}
	cfg, err := ReadConfig(filepath.Join(county, "county.toml"))
	if err != nil {
		t.Fatal(err)
	}
	run := func(net *everywhere) (left int, text string, p *plan) {
		t.Helper()
		opt := Options{Out: out, Workers: 2, Progress: Silent{}}
		p, err := newPlan(ctx, cfg, opt)
		if err != nil {
			t.Fatal(err)
		}
		eng, err := newEngine(opt)
		if err != nil {
			t.Fatal(err)
		}
		defer eng.close()
		if net != nil {
			eng.sky = skyModel{card: &models.Card{Name: "test", SHA256: jsonText(net.clear)}, core: 192, net: new(skyNet), open: func() (skySession, error) { return *net, nil }}
		}
		for _, step := range []func(context.Context, *engine, *stopwatch) error{p.observe, p.askSky, p.judge} {
			if err := step(ctx, eng, newStopwatch()); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range p.cells {
			for _, task := range c.series {
				for _, r := range rowsOf[rundir.SeriesRow](t, eng, task) {
					if r.LeftOut != "" {
						left += len(strings.Split(r.LeftOut, ";"))
					}
					text += r.LeftOut + "\n"
				}
			}
		}
		return left, text, p
	}
	_, without, _ := run(nil)
	_, failed, p := run(&everywhere{clear: 2, err: errors.New("out of memory")})
	if failed != without {
		t.Errorf("where the network fails, left out:\n%s\nwithout it:\n%s", failed, without)
	}
	warned := 0
	for _, w := range p.info.Warnings {
		if w.Code == skyFailed && strings.Contains(w.Detail, "out of memory") {
			warned++
		}
	}
	if warned == 0 {
		t.Errorf("it failed without a warning: %v", p.info.Warnings)
	}
	clear, text, p := run(&everywhere{clear: 1})
	disputed, asked, squares := p.info.Counts["looks_disputed"], p.info.Counts["looks_asked"], p.info.Counts["squares_asked"]
	if disputed == 0 || asked == 0 || asked > disputed || squares == 0 || squares > 12*4/observedPerSquare {
		t.Fatalf("%d disputed, %d asked, %d squares", disputed, asked, squares)
	}
	for _, l := range strings.Split(text, "\n") {
		if strings.Contains(l, "network") && !strings.Contains(l, "scl 0.5") { // SCL in doubt, time against: 0.5 is not more for than against
			t.Errorf("left out against SCL and the network: %s", l)
		}
	}
	cloudy, text, _ := run(&everywhere{clear: 0})
	if got := strings.Count(text, "network 0.00"); got != asked {
		t.Errorf("%d looks left out with the network against them, %d were asked", got, asked)
	}
	if cloudy <= clear {
		t.Errorf("left out %d where all is cloud, %d where all is clear", cloudy, clear)
	}
}

// What is asked first has the most plots per square, and no more than is allowed.
func TestTheNetworkIsRationed(t *testing.T) {
	ids := func(n int) []string { return make([]string, n) }
	all := []skyWork{{scene: 0, ids: ids(2), squares: 2}, {scene: 1, ids: ids(9), squares: 3}, {scene: 2, ids: ids(4), squares: 1}, {scene: 3, ids: ids(1), squares: 1}}
	for _, c := range []struct {
		squares int
		want    []int // scenes
		left    int   // looks told
	}{
		// per square: 1, 3, 4, 1
		{7, []int{0, 1, 2, 3}, 0}, {4, []int{1, 2}, 3}, {5, []int{1, 2, 3}, 2}, {1, []int{2}, 12}, {0, nil, 16},
	} {
		p := &plan{opt: Options{Progress: Silent{}}}
		var got []int
		for _, w := range p.afford(all, c.squares) {
			got = append(got, w.scene)
		}
		if len(got) != len(c.want) {
			t.Errorf("%d squares: scenes %v, want %v", c.squares, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%d squares: scenes %v, want %v", c.squares, got, c.want)
			}
		}
		if told := len(p.info.Warnings); (told > 0) != (c.left > 0) || told > 0 && !strings.HasPrefix(p.info.Warnings[0].Subject, jsonText(c.left)+" ") {
			t.Errorf("%d squares: told %v, want %d looks", c.squares, p.info.Warnings, c.left)
		}
	}
}
