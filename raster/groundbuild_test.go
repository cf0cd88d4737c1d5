package raster

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// A long season seen from two orbits in turn, of which the second sees only the
// western half of 40 × 40 pixels. On both halves stand greenhouses (columns 5–8
// and 30–33, rows 5–8) that SCL calls cloud on two clear dates of three.
func longSeason(m memory, dates int) []Scene {
	var out []Scene
	for d := range dates {
		s := m.scene(fmt.Sprintf("s%03d", d), 1, 40, func(b Band, c, r int) uint16 {
			house := (c >= 5 && c < 9 || c >= 30 && c < 34) && r >= 5 && r < 9
			switch {
			case d%2 == 1 && c >= 20:
				return 0
			case b == SCL && house && d%3 != 0:
				return 8
			case b == SCL:
				return 4
			case house:
				return uint16(2800 + 40*(d%5))
			}
			return 400
		})
		s.Time = s.Time.AddDate(0, 0, 3*d)
		out = append(out, s)
	}
	return out
}

// counting counts the reads of each band and the pixels read.
type counting struct {
	memory
	mu     *sync.Mutex
	reads  map[string]int
	pixels map[Band]int
}

func (c counting) Read(ctx context.Context, a Asset, w Window, dst []uint16) error {
	c.mu.Lock()
	c.reads[a.Href]++
	for _, b := range []Band{SCL, B02} {
		if l := len(a.Href) - len(b); a.Href[l:] == string(b) {
			c.pixels[b] += len(dst)
		}
	}
	c.mu.Unlock()
	return c.memory.Read(ctx, a, w, dst)
}

// Of a long season no more dates are read than it takes, and orbits that take
// turns do not leave the land that one of them sees without its dates.
func TestGroundOfALongSeason(t *testing.T) {
	m := memory{}
	scenes := longSeason(m, 2*groundDates+8)
	r := counting{m, &sync.Mutex{}, map[string]int{}, map[Band]int{}}
	g, warns, err := BuildGround(context.Background(), []Reader{r}, scenes, whole(t, 40))
	if err != nil || len(warns) > 0 {
		t.Fatal(err, warns)
	}
	for i := range 40 * 40 {
		c, row := i%40, i/40
		if want := (c >= 5 && c < 9 || c >= 30 && c < 34) && row >= 5 && row < 9; g.Bright(c, row) != want {
			t.Fatalf("column %d, row %d: bright is %v", c, row, !want)
		}
	}
	if got := r.pixels[SCL]; got != groundDates*40*40 {
		t.Errorf("%d pixels of SCL were read, %d dates of the whole are %d", got, groundDates, groundDates*40*40)
	}
	if got := r.pixels[B02]; got != groundDates*80*80 {
		t.Errorf("%d pixels of blue were read, %d dates of the whole are %d", got, groundDates, groundDates*80*80)
	}
}

// Dates that show nothing of the land do not count among those that settle the
// ground, and blue is read only around what is called cloud.
func TestGroundPassesOverEmptyDates(t *testing.T) {
	m := memory{}
	cover := coverOne(t, orb.MultiPolygon{{rect(500000, 3499200, 512000, 3500000)}}, Grid{32650, 500000, 3500000, 10, 1200, 80})
	var scenes []Scene
	for d := range 3 * groundDates {
		scene := Scene{ID: fmt.Sprintf("s%03d", d), EPSG: 32650, Time: time.Date(2024, 1, 1+d, 3, 0, 0, 0, time.UTC), Assets: map[Band]Asset{}}
		for b, k := range map[Band]int{SCL: 1, B02: 2} {
			g := Grid{EPSG: 32650, X0: 500000, Y0: 3500000, Res: 20 / float64(k), Width: k * 600, Height: k * 40}
			dn := make([]uint16, g.Width*g.Height)
			for i := range dn {
				c, row := i%g.Width/k, i/g.Width/k
				switch {
				case d%3 != 0: // no data
				case b == B02:
					dn[i] = 3000
				case c >= 300 && c < 303 && row == 10:
					dn[i] = 9
				default:
					dn[i] = 4
				}
			}
			scene.Assets[b] = Asset{Href: scene.ID + "/" + string(b)}
			m[scene.ID+"/"+string(b)] = memoryBand{grid: g, dn: dn}
		}
		scenes = append(scenes, scene)
	}
	r := counting{m, &sync.Mutex{}, map[string]int{}, map[Band]int{}}
	g, _, err := BuildGround(context.Background(), []Reader{r}, scenes, cover)
	if err != nil {
		t.Fatal(err)
	}
	for c := range 600 {
		if want := c >= 300 && c < 303; g.Bright(c, 10) != want {
			t.Fatalf("column %d: bright is %v", c, !want)
		}
	}
	// All dates are asked for SCL, as too few show the land. The bright land lies
	// in the second quarter of 256 pixels of the first square: 512 × 80 of 10 m.
	if got := r.pixels[B02]; got != groundDates*512*80 {
		t.Errorf("%d pixels of blue were read, want %d", got, groundDates*512*80)
	}
}

// Every beginning of the order lies evenly over the season: no part of it, and
// no orbit of a few that take turns, has more than a date or two too many. The
// bound is the discrepancy of multiples of the golden ratio.
func TestDatesLieEvenly(t *testing.T) {
	for _, n := range []int{groundDates + 1, 60, 73, 140} {
		var scenes []Scene
		for i := range n {
			scenes = append(scenes, Scene{ID: fmt.Sprint(i), Time: time.Date(2024, 1, 1+i, 0, 0, 0, 0, time.UTC), Assets: map[Band]Asset{SCL: {}}})
		}
		order := evenly(scenes)
		if len(order) != n {
			t.Fatalf("%d dates of %d", len(order), n)
		}
		day := func(s Scene) int { return s.Time.YearDay() - 1 }
		for _, k := range []int{12, groundDates} {
			for turns := 2; turns <= 5; turns++ {
				for first := range turns {
					got := 0
					for _, s := range order[:k] {
						if day(s)%turns == first {
							got++
						}
					}
					all := float64((n-first+turns-1)/turns) * float64(k) / float64(n)
					if d := float64(got) - all; d < -3 || d > 3 {
						t.Errorf("of %d dates the first %d hold %d of orbit %d of %d, %.1f are even", n, k, got, first, turns, all)
					}
				}
			}
			for third := range 3 {
				got := 0
				for _, s := range order[:k] {
					if day(s)*3/n == third {
						got++
					}
				}
				if d := float64(got) - float64(k)/3; d < -3 || d > 3 {
					t.Errorf("of %d dates the first %d hold %d of third %d", n, k, got, third)
				}
			}
		}
	}
	few := []Scene{{ID: "b", Assets: map[Band]Asset{SCL: {}}}, {ID: "a", Assets: map[Band]Asset{SCL: {}}}, {ID: "radar"}}
	if got := evenly(few); len(got) != 2 || got[0].ID != "b" {
		t.Errorf("few dates do not keep their order: %v", got)
	}
}
