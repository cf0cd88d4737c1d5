package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
)

// france reads the parcels of the French map of 2023: composites of ten days, of
// which only red and near infrared are taken, with what WorldCereal calls their
// crop.
func (s *source) france() ([]plot, error) {
	text, err := os.ReadFile(filepath.Join(s.data, "legends", "worldcereal_ewoc_class_mappings.json"))
	if err != nil {
		return nil, err
	}
	var legends map[string]map[string]string
	if err := json.Unmarshal(text, &legends); err != nil {
		return nil, err
	}
	crops := legends["CROPTYPE28"]
	byID, column := map[string]*plot{}, map[string]int{}
	var ids []string
	err = eachRow(filepath.Join(s.data, "crop_series_worldcereal", "FRA_2023_dekad_s1s2meteo.csv.gz"), func(i int, row []string) error {
		if i == 0 {
			for k, name := range row {
				column[name] = k
			}
			return nil
		}
		id := row[column["sample_id"]]
		p := byID[id]
		if p == nil {
			label := crops[row[column["ewoc_code"]]]
			if label == "" {
				label = "no crop of its legend"
			}
			p = &plot{set: "FRA, ", id: id, label: label}
			byID[id], ids = p, append(ids, id)
		}
		day, err := time.Parse(time.DateTime, row[column["timestamp"]])
		if err != nil || day.Year() != 2023 {
			return err
		}
		red, err := strconv.ParseFloat(row[column["S2-L2A-B04"]], 64)
		if err != nil {
			return err
		}
		nir, err := strconv.ParseFloat(row[column["S2-L2A-B08"]], 64)
		if err != nil || red >= 65535 || nir >= 65535 {
			return err
		}
		day = day.AddDate(0, 0, 5)
		for k, band := range []raster.Band{raster.B04, raster.B08} {
			v := []float64{red, nir}[k]
			o := raster.Observation{SceneID: day.Format(time.DateOnly), Time: day, Band: band}
			o.Total, o.Count, o.Inside, o.Mean = 100, 100, 50, v/10000
			p.obs = append(p.obs, o)
		}
		return nil
	})
	var out []plot
	for _, id := range ids {
		if p := byID[id]; len(p.obs) >= 24 { // a third of the year
			out = append(out, *p)
		}
	}
	return out, err
}

// perennials prints how often each class is called perennial, and how far the
// curve of those falls between May and October below the peaks that lie thirty
// days and more before and after: what might tell a harvest from a cut.
func perennials(plots []plot) {
	type tally struct {
		n     int
		falls []float64
	}
	by := map[string]*tally{}
	var names []string
	for _, p := range plots {
		t := by[p.label]
		if t == nil {
			t = new(tally)
			by[p.label], names = t, append(names, p.label)
		}
		t.n++
		r := season(p, 2023, nil)
		if len(r.cycles) == 1 && r.cycles[0].Perennial {
			t.falls = append(t.falls, deepestFall(r.series))
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if d := by[b].n - by[a].n; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	fmt.Print("\n| WorldCereal class, France | n | perennial | their deepest fall: lower tenth, median, upper tenth |\n|---|---|---|---|\n")
	for _, name := range names {
		t := by[name]
		if t.n < 9 {
			continue
		}
		falls := "–"
		if k := len(t.falls); k > 0 {
			slices.Sort(t.falls)
			falls = fmt.Sprintf("%.2f, %.2f, %.2f", t.falls[(k-1)/10], t.falls[(k-1)/2], t.falls[(k-1)*9/10])
		}
		fmt.Printf("| %s | %d | %.0f %% | %s |\n", name, t.n, 100*float64(len(t.falls))/float64(t.n), falls)
	}
}

func deepestFall(s parcels.Series) float64 {
	fall := 0.0
	for i, k := range s.Dekads {
		if k.Index < 12 || k.Index > 29 || i < 3 || i+3 >= len(s.NDVI) {
			continue
		}
		fall = max(fall, min(slices.Max(s.NDVI[:i-2]), slices.Max(s.NDVI[i+3:]))-s.NDVI[i])
	}
	return fall
}
