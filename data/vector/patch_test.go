package vector_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// pixels reads one file whole, with its geotransform.
func pixels(t *testing.T, path string) (dn []uint16, width int, gt [6]float64) {
	t.Helper()
	ds, err := godal.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer ds.Close()
	st := ds.Structure()
	dn = make([]uint16, st.SizeX*st.SizeY)
	if err := ds.Bands()[0].Read(0, 0, dn, st.SizeX, st.SizeY); err != nil {
		t.Fatal(err)
	}
	if gt, err = ds.GeoTransform(); err != nil {
		t.Fatal(err)
	}
	return dn, st.SizeX, gt
}

// Real acquisitions over Flanders in 2018, judged with the plainest statistics
// there are (means of pixel centres inside, SCL 4–7). Maize in Flanders is sown
// at the end of April and cut for silage in September (an early harvest in the
// drought of 2018); permanent grass is green all the year.
func TestSeasonOfTheBelgianPatch(t *testing.T) {
	root := shared(t, "s2s1_patches/BE_00002806639B424A")
	ps, rejects, notes, err := vector.Read(context.Background(), filepath.Join(root, "labels", "parcels_derived.geojson"), vector.Options{})
	if err != nil || len(rejects) > 0 || len(notes) > 0 || len(ps) != 7 || ps[0].SourceEPSG != 32631 {
		t.Fatal(err, rejects, notes, len(ps))
	}
	godal.RegisterRaster(godal.GTiff)
	obs := map[string][]raster.Observation{}
	var inside map[string][]int
	scenes, _ := filepath.Glob(filepath.Join(root, "stac", "sentinel-2-l2a", "S2_*"))
	for _, dir := range scenes {
		id := filepath.Base(dir)
		at, err := time.Parse("20060102T150405", strings.TrimPrefix(id, "S2_"))
		if err != nil || at.Year() != 2018 {
			continue
		}
		scl, w20, _ := pixels(t, filepath.Join(dir, "SCL.tif"))
		for _, band := range []raster.Band{raster.B02, raster.B04, raster.B08} {
			dn, w, gt := pixels(t, filepath.Join(dir, string(band)+".tif"))
			if inside == nil {
				inside = centresInside(ps, w, len(dn)/w, gt)
			}
			for _, p := range ps {
				o := raster.Observation{ParcelID: p.ID, SceneID: id, Time: at, Band: band}
				var sum float64
				for _, i := range inside[p.ID] {
					o.Total++
					if class := scl[i/w/2*w20+i%w/2]; dn[i] > 0 && class >= 4 && class <= 7 {
						o.Count++
						sum += float64(dn[i]) / 10000
					}
				}
				o.Inside, o.Mean = o.Count, sum/o.Count
				obs[p.ID] = append(obs[p.ID], o)
			}
		}
	}
	asOf := parcels.Date{Year: 2018, Month: 11, Day: 30}
	axis := parcels.Axis(parcels.Date{Year: 2018, Month: 1, Day: 1}, asOf)
	for _, p := range ps {
		s := parcels.BuildSeries(p.ID, obs[p.ID], axis, parcels.SeriesOptions{})
		cs := parcels.FindCycles(s, asOf, parcels.CycleOptions{})
		if s.ClearDates < 40 {
			t.Errorf("%s: %d clear dates", p.ID, s.ClearDates)
		}
		switch strings.TrimPrefix(p.ID, "00002806639B424A-") {
		case "003", "005": // maize by the crop raster, which is up in the last days of May here; a catch crop before and after it
			if up := (parcels.Date{Year: 2018, Month: 5, Day: 20}); len(cs) != 3 || cs[1].Emergence.Before(up) || cs[1].Emergence.Month > time.June || cs[1].Peak.Month != time.July || cs[1].HarvestP50.Month != time.September || cs[2].Complete {
				t.Errorf("maize %s: %+v, NDVI %.2f", p.ID, cs, s.NDVI)
			}
		case "001", "004", "006", "007": // permanent grass
			if len(cs) != 1 || !cs[0].Perennial {
				t.Errorf("grass %s: %+v, NDVI %.2f", p.ID, cs, s.NDVI)
			}
		}
	}
}

// centresInside are the pixels whose centre lies in each parcel.
func centresInside(ps []parcels.Parcel, w, h int, gt [6]float64) map[string][]int {
	out := map[string][]int{}
	for _, p := range ps {
		for i := range w * h {
			c := orb.Point{gt[0] + (float64(i%w)+0.5)*gt[1], gt[3] + (float64(i/w)+0.5)*gt[5]}
			if planar.MultiPolygonContains(p.Source, c) {
				out[p.ID] = append(out[p.ID], i)
			}
		}
	}
	return out
}
