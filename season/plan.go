package season

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/data/weather"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/scoring"
	"github.com/paulmach/orb"
)

// plan is everything the run knows before it looks at a pixel (but for the
// sample that settles the offsets).
type plan struct {
	cfg   *Config
	opt   Options
	cache cache
	asOf  parcels.Date
	info  rundir.Info

	parcels []parcels.Parcel
	farmers map[string]parcels.Farmer
	plots   []parcels.Plot
	plotOf  map[string]string // parcel ID → plot ID
	byID    map[string]int    // parcel ID → index in parcels
	records scoring.Records
	policy  *scoring.CreditPolicy

	villages map[string]orb.Point // whose place is known

	policyText []byte // of the credit policy's file, stored with the evidence
	weather    []models.WeatherDay
	history    []pastRun
	rejects    []feeds.Reject

	scenes []raster.Scene
	tiling *raster.Tiling
	cells  []cellPlan
	noView map[string]string // shape ID → why it has no imagery

	gathered *factsSource // facts, once made
	seen     []rundir.SeenScene
}

// cellPlan is one cell with what is to be observed in it.
type cellPlan struct {
	cell   raster.Cell
	land   string // cache file
	shapes []raster.Shape
	scenes []raster.Scene // optical
	// sceneLand is for each scene the cache file of the polygons it is to observe.
	sceneLand []string
	radar     []raster.Scene // Sentinel-1
	radarLand []string

	unread []string // scene and band that could not be read: its plots say so

	ground   Task
	observed []Task
	asked    []Task
	series   []Task
	predict  []Task
}

// landFile is the cache file of a cell's polygons: observe tasks read only it.
type landFile struct {
	Cell   raster.Cell    `json:"cell"`
	Grid   raster.Grid    `json:"grid"` // 10 m grid of the home tile
	Shapes []raster.Shape `json:"shapes"`
}

func newPlan(ctx context.Context, cfg *Config, opt Options) (*plan, error) {
	p := &plan{cfg: cfg, opt: opt, cache: cache(cacheDir(opt.Out)), noView: map[string]string{}}
	p.info = rundir.Info{
		Code: opt.Code, County: cfg.County, Name: cfg.Name, Season: cfg.Season.ID,
		From: cfg.Season.Start.String(), To: cfg.Season.End.String(), Sample: cfg.Sample, Counts: map[string]int{},
	}
	steps := []struct {
		name string
		do   func(context.Context) error
	}{
		{"parcels", p.readParcels}, {"scenes", p.findScenes}, {"records", p.readRecords}, {"who farms what", p.findFarmers},
	}
	opt.Progress.Stage("plan", len(steps))
	for _, s := range steps {
		if err := s.do(ctx); err != nil {
			return nil, fmt.Errorf("plan, %s: %w", s.name, err)
		}
		opt.Progress.Step()
	}
	if err := p.settleOffsets(ctx); err != nil {
		return nil, fmt.Errorf("plan, offsets: %w", err)
	}
	if err := p.layOut(ctx); err != nil {
		return nil, fmt.Errorf("plan, cells: %w", err)
	}
	return p, nil
}

// findScenes reads the catalog, fixes the as-of day and leaves out what was
// not yet delivered on it.
func (p *plan) findScenes(ctx context.Context) error {
	all, warns, err := raster.ReadCatalog(ctx, p.cfg.Imagery.Catalog, p.cfg.sceneOptions(p.parcels))
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return fmt.Errorf("no scene of %s to %s over the parcels in %s (collections %s): check season.start, season.end and imagery.collections; `parus scenes list` says why each is left out",
			p.info.From, p.info.To, p.cfg.Imagery.Catalog, strings.Join(p.cfg.Imagery.Collections, ", "))
	}
	p.asOf = p.opt.AsOf
	if p.asOf.IsZero() {
		p.asOf = p.cfg.AsOf
	}
	if p.asOf.IsZero() {
		p.asOf = parcels.DateOf(all[len(all)-1].Time)
	}
	p.info.AsOf = p.asOf.String()
	p.warnAll("plan", p.known(warns, all))
	used, left := raster.SelectScenes(p.delivered(all))
	for _, l := range left {
		p.warn("plan", "scene_left_out", l.Scene.ID, l.Why)
	}
	optical, radar, half := splitRadar(used)
	for _, s := range half {
		p.warn("plan", "scene_left_out", s.ID, halfRadar)
	}
	raster.SettleOrbits(radar)
	used = append(optical, radar...)
	p.tiling = raster.NewTiling(used)
	for _, l := range p.tiling.Unplaced() {
		p.warn("plan", "scene_left_out", l.Scene.ID, l.Why)
		used = slices.DeleteFunc(used, func(s raster.Scene) bool { return s.ID == l.Scene.ID })
	}
	p.scenes = used
	optical, radar, _ = splitRadar(used)
	p.info.Counts["scenes"], p.info.Counts["radar_scenes"] = len(optical), len(radar)
	if len(used) == 0 {
		p.warn("plan", "no_scene_yet", p.cfg.Imagery.Catalog, "no scene had been delivered by "+p.info.AsOf+": decisions rest on records alone")
	}
	return nil
}

// delivered keeps the scenes that had arrived by the as-of day.
func (p *plan) delivered(all []raster.Scene) []raster.Scene {
	var out []raster.Scene
	for _, s := range all {
		if !parcels.DateOf(s.Time.UTC()).Add(p.cfg.delay()).After(p.asOf) {
			out = append(out, s)
		}
	}
	return out
}

// known drops warnings about scenes that as-of does not know yet.
func (p *plan) known(warns []raster.Warning, all []raster.Scene) []raster.Warning {
	late := map[string]bool{}
	for _, s := range all {
		late[s.ID] = parcels.DateOf(s.Time.UTC()).Add(p.cfg.delay()).After(p.asOf)
	}
	var out []raster.Warning
	for _, w := range warns {
		id, _, _ := strings.Cut(w.Subject, " ")
		if !late[id] {
			out = append(out, w)
		}
	}
	return out
}

func (p *plan) readParcels(ctx context.Context) error {
	records, err := p.cfg.FeedOptions()
	if err != nil {
		return err
	}
	opt := vector.Options{County: p.cfg.County, IDField: p.cfg.Parcels.IDField, CRS: p.cfg.Parcels.CRS, Near: records.Near}
	if m := records.Mappings["parcels"]; m != nil {
		opt.Use = m.Codes["use"]
	}
	ps, rejects, notes, err := vector.Read(ctx, p.cfg.Parcels.File, opt)
	if err != nil {
		return err
	}
	sort.Slice(ps, func(i, j int) bool { return ps[i].ID < ps[j].ID })
	p.parcels = ps
	for _, r := range rejects {
		p.rejects = append(p.rejects, feeds.Reject{Feed: "parcels", File: filepath.Base(r.File), Row: r.Row, Column: r.Column, Value: r.ID, Reason: r.Reason,
			Advice: "mend the row and run again"})
	}
	for _, n := range notes {
		p.warn("plan", n.Code, n.Subject, n.Detail)
	}
	p.info.Counts["parcels"] = len(ps)
	return p.input("parcels", p.cfg.Parcels.File)
}

func (p *plan) readRecords(ctx context.Context) error {
	var key identity.Key
	if p.cfg.IdentityKey != "" {
		k, err := identity.LoadKey(p.cfg.IdentityKey)
		if err != nil {
			return err
		}
		key = k
	}
	opt, err := p.cfg.FeedOptions()
	if err != nil {
		return err
	}
	opt.Key, opt.AsOf = key, p.asOf
	loaded, err := feeds.Load(ctx, p.cfg.Feeds, opt)
	if err != nil {
		return err
	}
	p.records, p.villages, p.info.Places = loaded.Records, loaded.Villages, loaded.Places
	p.rejects = append(p.rejects, loaded.Rejects...)
	for _, n := range loaded.Notes {
		p.warn("plan", n.Code, n.Subject, n.Detail)
	}
	for _, i := range loaded.Inputs {
		if err := p.input(i.Kind, i.Path); err != nil {
			return err
		}
	}
	for _, name := range sortedKeys(p.cfg.Mappings) {
		if err := p.input("mapping:"+name, p.cfg.Mappings[name]); err != nil {
			return err
		}
	}
	policy := scoring.DefaultCreditPolicy()
	if p.cfg.CreditPolicy != "" {
		if policy, err = readInput(p, "credit_policy", p.cfg.CreditPolicy); err != nil {
			return err
		}
	}
	p.policyText = policy
	if p.policy, err = scoring.ParseCreditPolicy(policy); err != nil {
		return fmt.Errorf("credit policy %s: %w", p.cfg.CreditPolicy, err)
	}
	if err := p.released(); err != nil {
		return err
	}
	if p.cfg.Weather.File != "" {
		if err := p.readWeather(); err != nil {
			return err
		}
	}
	if len(p.rejects) > 0 {
		p.warn("plan", "rows_rejected", rundir.RejectsFile, fmt.Sprintf("%d rows of the county's tables were not used; each is listed with its reason", len(p.rejects)))
	}
	return p.readHistory()
}

func (p *plan) readWeather() error {
	days, rejects, err := weather.Read(p.cfg.Weather.File)
	if err != nil {
		return err
	}
	for _, r := range rejects {
		if !r.Day.After(p.asOf) {
			p.rejects = append(p.rejects, r)
		}
	}
	for _, d := range days {
		if !d.Date.After(p.asOf) {
			p.weather = append(p.weather, d)
		}
	}
	return p.input("weather", p.cfg.Weather.File)
}

// released refuses a credit policy that no second person has approved, unless
// the run is a draft. The file that comes with Parus is nobody's yet: a county
// that is not made up is told so.
func (p *plan) released() error {
	not := p.policy.Released()
	shipped := bytes.Equal(p.policyText, scoring.DefaultCreditPolicy())
	switch {
	case not == nil || shipped && p.cfg.Sample:
		return nil
	case shipped || p.opt.Draft:
		p.warn("plan", "credit_policy_not_released", p.policy.ID+" "+p.policy.Version, "these decisions are a draft: "+not.Error())
		return nil
	}
	return fmt.Errorf("credit policy %s is not released: %w. With --draft the season runs to see what it would decide", p.cfg.CreditPolicy, not)
}
