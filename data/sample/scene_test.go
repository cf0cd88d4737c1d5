package sample

import (
	"bytes"
	"context"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

// TestScenesReadAsRealOnes reads the catalog and pixels back the way a season
// does: a whole pixel of a field on a clear date holds the field's reflectance
// after the offset that the metadata claim.
func TestScenesReadAsRealOnes(t *testing.T) {
	ctx := context.Background()
	c := &making{dir: t.TempDir(), opt: CountyOptions{Seed: 3, Parcels: 150, Scenes: 12, Progress: func(string, int, int) {}}}
	for _, step := range []func(context.Context) error{c.invent, c.writeScenes} {
		if err := step(ctx); err != nil {
			t.Fatal(err)
		}
	}
	scenes, warns, err := raster.ReadCatalog(ctx, filepath.Join(c.dir, "scenes", "catalog.json"), raster.CatalogOptions{Collections: []string{"sentinel-2-l2a"}})
	if err != nil || len(warns) > 0 || len(scenes) != 12 {
		t.Fatalf("%d scenes, warnings %v, %v", len(scenes), warns, err)
	}
	r := gdal.Open(gdal.Options{})
	defer r.Close()
	checked := 0
	for i, s := range scenes {
		if s.Tile != tile || s.Baseline != "05.10" || s.EPSG != utm || len(s.Assets) != 11 || !s.Time.Equal(c.skies[i].when) {
			t.Errorf("scene %s: tile %s, baseline %s, EPSG %d, %d assets, %s", s.ID, s.Tile, s.Baseline, s.EPSG, len(s.Assets), s.Time)
		}
		a := s.Assets[raster.B08]
		if a.Scale != .0001 || a.Offset != -.1 || a.Grid != c.canvas.grid {
			t.Errorf("scene %s: B08 %+v", s.ID, a)
		}
		dn := make([]uint16, a.Grid.Width*a.Grid.Height)
		if err := r.Read(ctx, a, raster.Window{Width: a.Grid.Width, Height: a.Grid.Height}, dn); err != nil {
			t.Fatal(err)
		}
		if c.skies[i].share > .02 {
			continue
		}
		mean, want := c.meanOf(dn, c.tenure.fields[0], c.skies[i])
		if math.IsNaN(mean) {
			continue
		}
		checked++
		if math.Abs(mean-want) > .012 { // grain 3 % of a pixel, noise 0.0025, over dozens of pixels
			t.Errorf("scene %s: field 0 has NIR %.3f, painted with %.3f", s.ID, mean, want)
		}
	}
	if checked == 0 {
		t.Error("no clear scene was compared")
	}
}

// meanOf averages a field's whole pixels outside cloud and shadow.
func (c *making) meanOf(dn []uint16, f *field, s *sky) (mean, want float64) {
	k := c.canvas.ten
	sum, n := 0.0, 0
	for i := range dn {
		a := k.start[i]
		x, y := c.canvas.grid.X0+float64(i%k.width)*10+5, c.canvas.grid.Y0-float64(i/k.width)*10-5
		if k.start[i+1] == a+1 && int(k.material[a]) == f.n && s.opacity(x, y) == 0 && s.shadow(x, y) == 0 {
			sum += (float64(dn[i]) - 1000) / 10000
			n++
		}
	}
	return sum / float64(n), f.canopy(c.tables, float64(s.when.YearDay()))[6]
}

// TestCloudsCoverAQuarter over many years of the sample, with no two overcast
// dates within three.
func TestCloudsCoverAQuarter(t *testing.T) {
	var sum float64
	const years = 200
	for seed := range int64(years) {
		shares := cloudShares(newChance(seed, "test"), 24)
		last := -9
		for i, s := range shares {
			sum += s / 24
			if s > .5 {
				if i-last < 3 {
					t.Fatalf("overcast on dates %d and %d", last, i)
				}
				last = i
			}
		}
	}
	// By hand: a fifth at 0.85, three tenths at 0.24, half at 0.02 on average,
	// with counts rounded down to 4, 8 and 12 of 24: 0.232.
	if mean := sum / years; math.Abs(mean-.232) > .03 {
		t.Errorf("mean cloud %.3f", mean)
	}
}

// TestPlasticIsCalledCloud: the scene classification takes film for cloud on
// most dates, which masks must undo.
func TestPlasticIsCalledCloud(t *testing.T) {
	c := &making{dir: t.TempDir(), opt: CountyOptions{Seed: 4, Parcels: 200, Scenes: 24, Progress: func(string, int, int) {}}}
	if err := c.invent(context.Background()); err != nil {
		t.Fatal(err)
	}
	p := &painter{canvas: c.canvas, seed: 4, fields: c.tenure.fields, tables: c.tables}
	bright, all := 0, 0
	for _, s := range c.skies {
		if s.share > .04 {
			continue
		}
		scl := p.shoot(s).bands[raster.SCL]
		for i, v := range scl {
			a := c.canvas.twenty.start[i]
			m := int(c.canvas.twenty.material[a])
			if c.canvas.twenty.start[i+1] == a+1 && m < len(p.fields) && p.fields[m].grown.kind == "greenhouse" {
				all++
				if v == 8 || v == 9 {
					bright++
				}
			}
		}
	}
	if all == 0 || float64(bright) < .6*float64(all) {
		t.Errorf("film is cloud on %d of %d looks", bright, all)
	}
}

// TestNamesStayInTheFeeds: the marker surname stands in the feeds that name
// people and nowhere else in the county's folder.
func TestNamesStayInTheFeeds(t *testing.T) {
	dir := makeCounty(t, CountyOptions{Seed: 2, Parcels: 80, Scenes: 1})
	named := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if bytes.Contains(b, []byte(Marker)) {
			rel, _ := filepath.Rel(dir, path)
			named[rel] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !named["contractors.csv"] || !named["roster.csv"] {
		t.Errorf("the feeds name nobody: %v", named)
	}
	for path := range named {
		feed := strings.TrimSuffix(path, ".csv")
		if _, ok := feeds.LayoutOf(feed); !ok {
			t.Errorf("%s holds a name", path)
		}
	}
}
