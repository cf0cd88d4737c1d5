package season

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// Config is a county file (county.toml). Paths in it are relative to it.
type Config struct {
	County       string       `toml:"county"` // GB/T 2260, six digits
	Name         string       `toml:"name"`
	IdentityKey  string       `toml:"identity_key"`
	AsOf         parcels.Date `toml:"as_of"`
	CreditPolicy string       `toml:"credit_policy"` // empty = the default that comes with Parus
	History      []string     `toml:"history"`       // folders of earlier runs
	Sample       bool         `toml:"sample"`        // made up, not a real county
	Season       struct {
		ID    string       `toml:"id"`
		Start parcels.Date `toml:"start"`
		End   parcels.Date `toml:"end"`
	} `toml:"season"`
	Imagery struct {
		Catalog           string   `toml:"catalog"` // folder, file or http(s) address
		Collections       []string `toml:"collections"`
		MaxCloud          *float64 `toml:"max_cloud"`           // percent of a tile; default all
		DeliveryDelayDays *int     `toml:"delivery_delay_days"` // default 1
	} `toml:"imagery"`
	Parcels struct {
		File    string `toml:"file"`
		IDField string `toml:"id_field"`
		CRS     string `toml:"crs"` // what the coordinates are, where the file does not say or errs
	} `toml:"parcels"`
	Weather struct {
		File string `toml:"file"`
	} `toml:"weather"`
	Models struct {
		Folder string `toml:"folder"` // of the user: the cloud network (parus models add)
	} `toml:"models"`
	Feeds    map[string]string `toml:"feeds"`
	Mappings map[string]string `toml:"mappings"` // feed, or "parcels" → mapping file (docs/import.md)
	Store    string            `toml:"store"`    // folder of what parus import brought in
	Position []float64         `toml:"position"` // longitude and latitude of the county: tells zones apart
}

// ReadConfig reads and checks a county file. Every mistake is named at once.
func ReadConfig(path string) (*Config, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read county file: %w (`parus sample county --out DIR` makes one to look at)", err)
	}
	var c Config
	meta, err := toml.NewDecoder(bytes.NewReader(b)).Decode(&c)
	if err != nil {
		return nil, fmt.Errorf("read county file %s: %w", path, err)
	}
	var wrong []string
	for _, k := range meta.Undecoded() {
		wrong = append(wrong, fmt.Sprintf("%s is not a setting", k))
	}
	need := func(ok bool, msg string) {
		if !ok {
			wrong = append(wrong, msg)
		}
	}
	need(len(c.County) == 6 && strings.Trim(c.County, "0123456789") == "", `county must be the six digits of GB/T 2260, such as county = "341523"`)
	need(c.Season.ID != "", `season.id is missing, such as id = "2024"`)
	need(!c.Season.Start.IsZero() && !c.Season.End.IsZero(), `season.start and season.end are missing, such as start = "2024-01-01"`)
	need(c.Season.End.IsZero() || c.Season.Start.Before(c.Season.End), "season.end must be after season.start")
	need(c.Imagery.Catalog != "", "imagery.catalog is missing: the path or address of a STAC catalog")
	need(c.Parcels.File != "", "parcels.file is missing: a GeoPackage, GeoJSON or Shapefile of the land")
	need(c.Imagery.DeliveryDelayDays == nil || *c.Imagery.DeliveryDelayDays >= 0, "imagery.delivery_delay_days must not be negative")
	need(c.Imagery.MaxCloud == nil || *c.Imagery.MaxCloud >= 0 && *c.Imagery.MaxCloud <= 100, "imagery.max_cloud must be a percentage from 0 to 100")
	need(len(c.Position) == 0 || len(c.Position) == 2 && math.Abs(c.Position[0]) <= 180 && math.Abs(c.Position[1]) <= 90, "position must be longitude and latitude in degrees, such as position = [115.9, 31.7]")
	personal := len(c.Feeds) > 0 || c.Store != ""
	need(!personal || c.IdentityKey != "", "identity_key is missing: feeds name people, who are known in a run only by a keyed code; `openssl rand -hex 32 > identity.key` makes a key")
	if len(wrong) > 0 {
		sort.Strings(wrong)
		return nil, fmt.Errorf("county file %s:\n  %s", path, strings.Join(wrong, "\n  "))
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, err
	}
	abs := func(p *string) {
		if *p != "" && !strings.Contains(*p, "://") && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
	for _, p := range []*string{&c.IdentityKey, &c.CreditPolicy, &c.Imagery.Catalog, &c.Parcels.File, &c.Weather.File, &c.Models.Folder, &c.Store} {
		abs(p)
	}
	for i := range c.History {
		abs(&c.History[i])
	}
	for k, v := range c.Feeds {
		abs(&v)
		c.Feeds[k] = v
	}
	for k, v := range c.Mappings {
		abs(&v)
		c.Mappings[k] = v
	}
	return &c, nil
}

// FeedOptions say how the county's feeds are read, but for the key and the day.
func (c *Config) FeedOptions() (feeds.Options, error) {
	opt := feeds.Options{County: c.County, Store: c.Store, Mappings: map[string]*feeds.Mapping{}}
	if len(c.Position) == 2 {
		opt.Near = orb.Point{c.Position[0], c.Position[1]}
	}
	for _, feed := range sortedKeys(c.Mappings) {
		m, err := feeds.ReadMapping(c.Mappings[feed], feed)
		if err != nil {
			return opt, err
		}
		opt.Mappings[feed] = m
	}
	return opt, nil
}

// delay is the days between acquisition and delivery of a scene.
func (c *Config) delay() int {
	if c.Imagery.DeliveryDelayDays == nil {
		return 1
	}
	return *c.Imagery.DeliveryDelayDays
}

// insideRun reports whether a file with personal data lies inside the folder
// of the run, which must hold none.
func (c *Config) insideRun(out string) bool {
	abs, err := filepath.Abs(out)
	if err != nil {
		return false
	}
	private := []string{c.IdentityKey}
	if c.Store != "" {
		private = append(private, c.Store)
	}
	for _, f := range c.Feeds {
		private = append(private, f)
	}
	for _, f := range private {
		if rel, err := filepath.Rel(abs, f); f != "" && err == nil && !strings.HasPrefix(rel, "..") {
			return true
		}
	}
	return false
}
