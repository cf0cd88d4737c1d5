package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/season"
	"github.com/paulmach/orb"
)

type importCmd struct {
	Feed     string    `arg:"" help:"What the file holds: registry, contracts, policies, claims … (docs/import.md)."`
	File     string    `arg:"" type:"existingpath" help:"CSV, XLSX, GeoJSON or GPX; of a registry also a folder or a GeoPackage."`
	County   string    `type:"existingfile" help:"The county file (county.toml): gives the county's code, identity key, position, mappings and store."`
	Into     string    `type:"path" help:"Folder of the store. Default: the county file's store, else the folder records beside it."`
	Mapping  string    `type:"existingfile" help:"Mapping file (TOML) for headings and codes that are the file's own (docs/import.md)."`
	Key      string    `type:"existingfile" help:"Identity key, where there is no county file."`
	Code     string    `help:"Code of the county (GB/T 2260), where there is no county file."`
	Received string    `help:"Day on which rows without a day of their own were received (2024-07-15)."`
	CRS      string    `name:"crs" help:"Coordinate system of claims that state none: EPSG:4326, EPSG:4490, GCJ-02 or a zone."`
	Near     []float64 `help:"Longitude and latitude of the county, to tell zones without a number: --near 115.9,31.7."`
}

func (c *importCmd) Run(ctx context.Context) error {
	opt, err := c.options()
	if err != nil {
		return err
	}
	if c.Mapping != "" {
		m, err := feeds.ReadMapping(c.Mapping, c.Feed)
		if err != nil {
			return err
		}
		opt.Mappings = map[string]*feeds.Mapping{c.Feed: m}
	}
	if c.Feed == "registry" {
		all, err := feeds.ImportRegistry(ctx, c.File, opt)
		if err != nil {
			return err
		}
		for _, done := range all {
			err = errors.Join(err, quality(os.Stdout, opt.Store, done))
		}
		return err
	}
	done, err := feeds.Import(ctx, c.Feed, c.File, opt)
	if err != nil {
		return err
	}
	return quality(os.Stdout, opt.Store, done)
}

func (c *importCmd) options() (opt feeds.Options, err error) {
	keyFile := c.Key
	if c.County != "" {
		cfg, ofCounty, err := recordsOf(c.County)
		if err != nil {
			return opt, err
		}
		if opt = ofCounty; keyFile == "" {
			keyFile = cfg.IdentityKey
		}
	}
	if c.Into != "" {
		opt.Store = c.Into
	}
	if opt.Store == "" {
		return opt, fmt.Errorf("%w: give --county county.toml, or --into DIR with --key FILE and --code CODE", errUsage)
	}
	if c.Code != "" {
		opt.County = c.Code
	}
	if keyFile != "" {
		if opt.Key, err = identity.LoadKey(keyFile); err != nil {
			return opt, err
		}
	}
	if c.Received != "" {
		if opt.Received, err = parcels.ParseDate(c.Received); err != nil {
			return opt, fmt.Errorf("%w: --received %v", errUsage, err)
		}
	}
	switch len(c.Near) {
	case 0:
	case 2:
		opt.Near = orb.Point{c.Near[0], c.Near[1]}
	default:
		return opt, fmt.Errorf("%w: --near is longitude,latitude", errUsage)
	}
	opt.CRS = c.CRS
	opt.Today = parcels.DateOf(time.Now())
	return opt, nil
}

// recordsOf says where a county keeps its records and how files come into them,
// but for the identity key.
func recordsOf(county string) (*season.Config, feeds.Options, error) {
	cfg, err := season.ReadConfig(county)
	if err != nil {
		return nil, feeds.Options{}, err
	}
	opt, err := cfg.FeedOptions()
	if err == nil && opt.Store == "" {
		opt.Store, err = filepath.Abs(filepath.Join(filepath.Dir(county), "records"))
	}
	return cfg, opt, err
}

// quality prints what came in and how good it is.
func quality(w io.Writer, store string, d *feeds.Imported) error {
	fmt.Fprintf(w, "%s from %s (%s): %d rows, %d good, %d rejected\n", d.Feed, d.File, d.Format, d.Rows, d.Loaded, d.Rejected)
	fmt.Fprintf(w, "  store      %s: %d rows added (%d of them new states of records it had), %d already there\n", filepath.Join(store, d.Feed+".csv"), d.New, d.Newer, d.Unchanged)
	if d.Rejects != "" {
		fmt.Fprintf(w, "  rejects    %s: each with row, column, reason and advice\n", d.Rejects)
	}
	cover := fmt.Sprintf("  coverage   %d growers, %d parcels", d.Growers, d.Parcels)
	if d.OfRoster > 0 {
		cover += fmt.Sprintf(", %.0f %% of the roster's growers", 100*d.OfRoster)
	}
	fmt.Fprintln(w, cover)
	if !d.Newest.IsZero() {
		fmt.Fprintf(w, "  freshness  newest row received %s, %d days ago\n", d.Newest, d.AgeDays)
	}
	if d.Ignored > 0 {
		fmt.Fprintf(w, "  columns    %d are no heading of the feed and were left out\n", d.Ignored)
	}
	var names []string
	for name, share := range d.Missing {
		if share > 0 && share < 1 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) > 0 {
		fmt.Fprintln(w, "  missing")
		tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		for _, name := range names {
			fmt.Fprintf(tw, "    %s\t%.1f %%\n", name, 100*d.Missing[name])
		}
		if err := tw.Flush(); err != nil {
			return err
		}
	}
	var absent []string
	for name, share := range d.Missing {
		if share == 1 {
			absent = append(absent, name)
		}
	}
	slices.Sort(absent)
	if len(absent) > 0 {
		fmt.Fprintf(w, "  absent     %s\n", strings.Join(absent, ", "))
	}
	for _, n := range d.Notes {
		fmt.Fprintf(w, "  note       %s\n", n.Detail)
	}
	if d.Loaded == 0 {
		return errors.New("no row was good; see the rejects file")
	}
	return nil
}
