package season

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
)

// TestReadSeries reads by columns what parquet-go reads by rows: several pages a
// column, nulls scattered, a column of nulls only, a series shorter than the
// others.
func TestReadSeries(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	var rows []rundir.SeriesRow
	for k := range 1100 { // 39,600 rows: a page takes 32,768 numbers of 8 bytes
		s := madeUp("P"+string(rune('a'+k%26))+strings.Repeat("x", k/26), dice)
		s.FAPAR = nil
		drawSpreads(&s, parcels.Date{Year: 2024, Month: 12, Day: 31})
		if k%5 == 0 { // seen by radar in one dekad of two
			for d := range s.Dekads {
				s.Radar.VV, s.Radar.VH, s.Radar.Dates = append(s.Radar.VV, -10-dice.Float64()), append(s.Radar.VH, -16-dice.Float64()), append(s.Radar.Dates, d%2*2)
			}
		}
		plot := seriesRows(s)
		if k%7 == 0 {
			plot = plot[:30]
		}
		rows = append(rows, plot...)
	}
	path := filepath.Join(t.TempDir(), "series.parquet")
	if err := rundir.WriteParquet(path, rows); err != nil {
		t.Fatal(err)
	}
	want, err := rundir.ReadParquet[rundir.SeriesRow](path)
	if err != nil {
		t.Fatal(err)
	}
	got, err := readSeries(path)
	if err != nil {
		t.Fatal(err)
	}
	r, cycles := 0, 0
	for _, s := range got {
		// Predict finds the very cycles whose spread the series stage drew.
		for _, c := range parcels.FindCycles(s, parcels.Date{Year: 2024, Month: 12, Day: 31}, parcels.CycleOptions{}) {
			if len(s.Dekads) == 36 && notAssessable(s) == "" {
				cycles++
				if math.IsNaN(s.SpreadOf(c).Found) {
					t.Fatalf("%s: cycle %+v has no spread", s.ParcelID, c)
				}
			}
		}
		for d := range s.Dekads {
			w := want[r]
			r++
			same := s.ParcelID == w.ParcelID && s.Dekads[d].Start().String() == w.Date && s.InsidePixels == w.InsidePixels && s.ClearDates == int(w.ClearDates) && s.Weight[d] == w.Weight &&
				is(s.NDVI[d], w.NDVI) && is(s.LAI[d], w.LAI) && is(s.FAPAR[d], w.FAPAR) &&
				is(s.Sure.Emergence[d], w.EmergenceWithin) && is(s.Sure.Peak[d], w.PeakWithin) && is(s.Sure.Harvest[d], w.HarvestWithin) && is(s.Sure.Found[d], w.CycleFound) &&
				is(s.Radar.VV[d], w.VV) && is(s.Radar.VH[d], w.VH) && s.Radar.Dates[d] == int(w.RadarDates)
			for b, v := range []*float64{w.B02, w.B03, w.B04, w.B05, w.B06, w.B07, w.B08, w.B8A, w.B11, w.B12} {
				same = same && is(s.Bands[d][b], v)
			}
			if !same {
				t.Fatalf("row %d: got dekad %d of %+v, the row is %+v", r-1, d, s, w)
			}
		}
	}
	if r != len(want) || cycles < 500 {
		t.Errorf("%d rows read, the file has %d; %d cycles", r, len(want), cycles)
	}
}

func is(v float64, want *float64) bool {
	return want == nil && math.IsNaN(v) || want != nil && v == *want
}

// TestReadSeriesRefuses files whose columns are not those of a series.
func TestReadSeriesRefuses(t *testing.T) {
	type short struct {
		ParcelID string `parquet:"parcel_id,dict"`
		Date     string `parquet:"date,dict"`
	}
	type text struct {
		short
		Weight string `parquet:"weight"`
	}
	type packed struct {
		short
		Weight float64 `parquet:"weight,dict"`
	}
	plot := short{"P1", "2024-05-01"}
	refuses(t, []short{plot}, "no column weight")
	refuses(t, []text{{plot, "1"}}, "no numbers but BYTE_ARRAY")
	refuses(t, []packed{{plot, 1}}, "no column ndvi") // a dictionary is read
	refuses(t, []short{{"P1", "May"}}, "is not a day")
}

func refuses[T any](t *testing.T, rows []T, why string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "series.parquet")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := parquet.Write(f, rows); err != nil {
		t.Fatal(err)
	}
	if _, err := readSeries(path); err == nil || !strings.Contains(err.Error(), why) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, wanted one of %s that says %q", err, path, why)
	}
}
