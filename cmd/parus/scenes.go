package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/season"
	"github.com/paulmach/orb"
)

type scenesListCmd struct {
	Catalog     string   `arg:"" optional:"" help:"STAC catalog, STAC API or folder: path or http(s) address. Default: that of --county."`
	County      string   `type:"existingfile" help:"A county file: lists what its season would use, over its parcels."`
	From        string   `help:"First day (2024-04-01). Default: all, or the season's."`
	To          string   `help:"Last day. Default: all, or the season's."`
	AsOf        string   `help:"With --county: what had been delivered by this day. Default: the county file's."`
	Collections []string `help:"Collections, by comma. Default: all with optical bands, or the county file's."`
	BBox        string   `name:"bbox" help:"Place: west,south,east,north in degrees. Default: everywhere, or the parcels."`
	MaxCloud    *float64 `help:"Leave out scenes with more cloud than this (percent). Default: all, or the county file's."`
	JSON        bool     `name:"json" help:"Print JSON in place of tables."`
}

func (c *scenesListCmd) Run(ctx context.Context) error {
	adjust, err := c.options()
	if err != nil {
		return err
	}
	var list season.SceneList
	switch {
	case c.County != "":
		if list, err = c.ofCounty(ctx, adjust); err != nil {
			return err
		}
	case c.Catalog == "":
		return fmt.Errorf("%w: name a catalog, or a county file with --county", errUsage)
	case c.AsOf != "":
		return fmt.Errorf("%w: --as-of needs --county, which says how late scenes are delivered", errUsage)
	default:
		var opt raster.CatalogOptions
		adjust(&opt)
		l, err := raster.ListCatalog(ctx, c.Catalog, opt)
		if err != nil {
			return err
		}
		list = season.SceneList{LeftOut: l.LeftOut, Warnings: l.Warnings}
		var left []raster.LeftOut
		list.Used, left = raster.SelectScenes(l.Scenes)
		list.LeftOut = append(list.LeftOut, left...)
		sort.SliceStable(list.LeftOut, func(i, j int) bool { return list.LeftOut[i].Scene.Time.Before(list.LeftOut[j].Scene.Time) })
	}
	if c.JSON {
		return sceneJSON(os.Stdout, list)
	}
	return sceneTables(os.Stdout, list)
}

func (c *scenesListCmd) ofCounty(ctx context.Context, adjust func(*raster.CatalogOptions)) (season.SceneList, error) {
	cfg, err := season.ReadConfig(c.County)
	if err != nil {
		return season.SceneList{}, err
	}
	if c.Catalog != "" {
		cfg.Imagery.Catalog = c.Catalog
	}
	var asOf parcels.Date
	if c.AsOf != "" {
		if asOf, err = parcels.ParseDate(c.AsOf); err != nil {
			return season.SceneList{}, fmt.Errorf("%w: --as-of %v", errUsage, err)
		}
	}
	return season.ListScenes(ctx, cfg, asOf, adjust)
}

// options are the flags as changes to what is asked of the catalog.
func (c *scenesListCmd) options() (func(*raster.CatalogOptions), error) {
	from, to, err := dayFlags(c.From, c.To)
	if err != nil {
		return nil, err
	}
	box, err := parseBBox(c.BBox)
	if err != nil {
		return nil, fmt.Errorf("%w: --bbox %v", errUsage, err)
	}
	return func(o *raster.CatalogOptions) {
		if !from.IsZero() {
			o.From = from
		}
		if !to.IsZero() {
			o.To = to
		}
		if len(c.Collections) > 0 {
			o.Collections = c.Collections
		}
		if box != nil {
			o.BBox = box
		}
		if c.MaxCloud != nil {
			o.MaxCloud = c.MaxCloud
		}
	}, nil
}

// dayFlags are --from and --to as the first and the last moment; zero = not given.
func dayFlags(first, last string) (from, to time.Time, err error) {
	if from, err = dayFlag("from", first); err != nil {
		return from, to, err
	}
	if to, err = dayFlag("to", last); err == nil && !to.IsZero() {
		to = to.Add(24*time.Hour - time.Nanosecond)
	}
	return from, to, err
}

func dayFlag(name, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	d, err := parcels.ParseDate(value)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: --%s %v", errUsage, name, err)
	}
	return d.Time(), nil
}

// parseBBox reads west,south,east,north in degrees.
func parseBBox(s string) (*orb.Bound, error) {
	if s == "" {
		return nil, nil
	}
	var v [4]float64
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return nil, fmt.Errorf("%q has %d numbers; it takes west,south,east,north in degrees", s, len(parts))
	}
	for i, p := range parts {
		x, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil {
			return nil, fmt.Errorf("%q: %q is no number", s, p)
		}
		v[i] = x
	}
	if !(v[0] < v[2] && v[1] < v[3] && v[0] >= -180 && v[2] <= 180 && v[1] >= -90 && v[3] <= 90) {
		return nil, fmt.Errorf("%q is no box of degrees: west < east within ±180, south < north within ±90", s)
	}
	return &orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}, nil
}

// sceneTables prints what is used, then what is not and why, then warnings.
func sceneTables(w io.Writer, l season.SceneList) error {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if len(l.Used) > 0 {
		fmt.Fprintln(tw, "TIME (UTC)\tTILE\tPLATFORM\tBASELINE\tCLOUD %\tBANDS\tOFFSET CLAIMED\tSCENE")
	}
	for _, s := range l.Used {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", s.Time.Format("2006-01-02 15:04"), dash(s.Tile), dash(s.Platform), dash(s.Baseline), cloudText(s), bandText(s), offsetText(s), s.ID)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "%d scenes used, %d left out, %d warnings\n", len(l.Used), len(l.LeftOut), len(l.Warnings))
	for _, tile := range sortedTiles(l.Parcels) {
		fmt.Fprintf(w, "%d parcels lie in tile %s\n", l.Parcels[tile], tile)
	}
	if l.Homeless > 0 {
		fmt.Fprintf(w, "%d parcels lie in no tile of these scenes: they would not be assessable\n", l.Homeless)
	}
	if len(l.LeftOut) > 0 {
		fmt.Fprintln(tw, "\nLEFT OUT\tTILE\tSCENE\tWHY")
		for _, g := range byReason(l.LeftOut) {
			first, last := g[0].Scene.Time, g[len(g)-1].Scene.Time
			if len(g) > alike {
				fmt.Fprintf(tw, "%s\t\t%d scenes to %s\t%s\n", first.Format("2006-01-02 15:04"), len(g), last.Format("2006-01-02"), g[0].Why)
				continue
			}
			for _, o := range g {
				fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", o.Scene.Time.Format("2006-01-02 15:04"), dash(o.Scene.Tile), o.Scene.ID, o.Why)
			}
		}
	}
	if len(l.Warnings) > 0 {
		fmt.Fprintln(tw, "\nWARNING\tOF\tWHAT")
		for _, x := range l.Warnings {
			fmt.Fprintf(tw, "%s\t%s\t%s\n", x.Code, x.Subject, x.Detail)
		}
	}
	return tw.Flush()
}

// alike is how many scenes left out for one reason are still listed one by one.
const alike = 10

// byReason groups what was left out by its reason, in the order of first scenes.
func byReason(left []raster.LeftOut) (groups [][]raster.LeftOut) {
	at := map[string]int{}
	for _, o := range left {
		k, ok := at[o.Why]
		if !ok {
			k = len(groups)
			at[o.Why], groups = k, append(groups, nil)
		}
		groups[k] = append(groups[k], o)
	}
	return groups
}

func sortedTiles(m map[string]int) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

func cloudText(s raster.Scene) string {
	if s.CloudCover == nil {
		return "–"
	}
	return fmt.Sprintf("%.1f", *s.CloudCover)
}

// bandText counts the ten reflectance bands and names what else there is, or
// what is missing where that is shorter.
func bandText(s raster.Scene) string {
	var missing, other []string
	n := 0
	for _, b := range raster.OpticalBands {
		if _, ok := s.Assets[b]; ok {
			n++
		} else {
			missing = append(missing, string(b))
		}
	}
	for _, b := range []raster.Band{raster.SCL, raster.VV, raster.VH} {
		if _, ok := s.Assets[b]; ok {
			other = append(other, string(b))
		}
	}
	text := fmt.Sprintf("%d/%d", n, len(raster.OpticalBands))
	if n == 0 {
		text = ""
	} else if len(missing) > 0 && len(missing) <= 3 {
		text += " (no " + strings.Join(missing, ", ") + ")"
	}
	if len(other) > 0 {
		text = strings.TrimPrefix(text+"+"+strings.Join(other, "+"), "+")
	}
	return dash(text)
}

func offsetText(s raster.Scene) string {
	o := s.ClaimedOffset()
	return fmt.Sprintf("%+g DN: %s", o.DN0, o.Reason)
}

// sceneJSON prints the same for programs: scenes as in a run's cache, with the
// claimed offset as settled.
func sceneJSON(w io.Writer, l season.SceneList) error {
	type left struct {
		ID   string    `json:"id"`
		Time time.Time `json:"time"`
		Tile string    `json:"tile,omitempty"`
		Why  string    `json:"why"`
	}
	out := struct {
		Scenes   []raster.Scene   `json:"scenes"`
		LeftOut  []left           `json:"left_out"`
		Warnings []raster.Warning `json:"warnings"`
		Parcels  map[string]int   `json:"parcels,omitempty"`
		Homeless int              `json:"parcels_without_tile,omitempty"`
	}{Scenes: []raster.Scene{}, LeftOut: []left{}, Warnings: append([]raster.Warning{}, l.Warnings...), Parcels: l.Parcels, Homeless: l.Homeless}
	for _, s := range l.Used {
		s.Settled = s.ClaimedOffset()
		out.Scenes = append(out.Scenes, s)
	}
	for _, o := range l.LeftOut {
		out.LeftOut = append(out.LeftOut, left{o.Scene.ID, o.Scene.Time, o.Scene.Tile, o.Why})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}
