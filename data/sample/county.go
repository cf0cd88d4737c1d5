// Package sample makes input for anyone without real imagery or records: a
// made-up county with a Sentinel-2 season, registry and records (County), and
// made-up records for real parcels and imagery (Records).
//
// Everything is drawn from the seed: the same options give the same bytes. The
// county, its people and its numbers are invented; the spectra of its crops are
// measured ones (spectra.csv). Example:
//
//	err := sample.County(ctx, "demo", sample.CountyOptions{Seed: 1})
//
// It refuses to know how a season is judged: what a check should find stands in
// expected.csv, which no season reads.
package sample

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/scoring"
)

// CountyOptions of County.
type CountyOptions struct {
	Seed     int64
	Parcels  int                                 // registry parcels; 0 = 200
	Scenes   int                                 // Sentinel-2 dates over the year; 0 = 24
	Progress func(stage string, done, total int) // nil = none
}

// Year of the sample season.
const Year = 2024

// County writes a made-up county into dir: parcels.gpkg, scenes/ (static STAC
// catalog of per-band COGs), the feeds, weather.csv, identity.key,
// credit_policy.toml, history/ (two earlier seasons as run folders) and
// county.toml, ready for `parus season run`; beside them expected.csv (what the
// cross-checks should find on the newest scene's day) and truth.csv (what grows
// where), which a season never reads.
func County(ctx context.Context, dir string, opt CountyOptions) error {
	if opt.Parcels == 0 {
		opt.Parcels = 200
	}
	if opt.Scenes == 0 {
		opt.Scenes = 24
	}
	if opt.Parcels < 1 || opt.Scenes < 1 || opt.Scenes > 73 {
		return fmt.Errorf("sample county: %d parcels and %d scenes: give at least 1 parcel and 1–73 scenes (Sentinel-2 comes every five days)", opt.Parcels, opt.Scenes)
	}
	if opt.Progress == nil {
		opt.Progress = func(string, int, int) {}
	}
	c := &making{dir: dir, opt: opt}
	steps := []func(context.Context) error{c.invent, c.writeLand, c.writeRecords, c.writeTruth, c.writeHistory, c.writeConfig}
	for i, step := range steps {
		if err := step(ctx); err != nil {
			return fmt.Errorf("sample county: %w", err)
		}
		opt.Progress("county", i+1, len(steps))
	}
	if err := c.writeScenes(ctx); err != nil {
		return fmt.Errorf("sample county: %w", err)
	}
	return nil
}

// making is a county in the making.
type making struct {
	dir    string
	opt    CountyOptions
	land   *land
	tenure *tenure
	canvas *canvas
	tables map[string]*curve
	skies  []*sky
	policy *scoring.CreditPolicy
	book   *book
	faults []fault
	key    identity.Key
}

func (c *making) path(name ...string) string {
	return filepath.Join(append([]string{c.dir}, name...)...)
}

// invent draws land, people, crops, faults and records.
func (c *making) invent(context.Context) (err error) {
	if c.tables, err = readSpectra(spectraCSV); err != nil {
		return err
	}
	if c.policy, err = scoring.ParseCreditPolicy(scoring.DefaultCreditPolicy()); err != nil {
		return err
	}
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return err
	}
	if err := identity.NewKeyFile(c.path("identity.key"), c.opt.Seed); err != nil {
		return err
	}
	if c.key, err = identity.LoadKey(c.path("identity.key")); err != nil {
		return err
	}
	c.land = layLand(c.opt.Seed, c.opt.Parcels)
	c.tenure = settle(c.opt.Seed, c.land)
	c.canvas = paint(c.land, c.tenure.fields)
	c.tenure.giveCrops(c.opt.Seed)
	p := newPlanter(c.opt.Seed, c.land, c.tenure)
	p.plantImagery()
	p.plantOverlaps()
	c.book = writeBook(c.opt.Seed, Year, c.land, c.tenure, c.policy)
	c.book.writeMore(c.opt.Seed, c.tenure)
	p.plantRecords(c.book)
	c.faults = p.out
	c.skies = skies(c.opt.Seed, Year, c.opt.Scenes, c.canvas.grid)
	return nil
}

func (c *making) writeLand(context.Context) error {
	fields := []vector.Field{{Name: "DKBM"}, {Name: "DKMC"}, {Name: "DKLB"}, {Name: "TDLYLX"}, {Name: "TDYT"}, {Name: "SFJBNT"},
		{Name: "SCMJ", Type: vector.Float}, {Name: "SCMJM", Type: vector.Float}, {Name: "FBFBM"}, {Name: "CBFBM"}, {Name: "CBHTBM"}}
	rows := make([]vector.Feature, len(c.land.parcels))
	for i, p := range c.land.parcels {
		g, err := p.lonlat()
		if err != nil {
			return err
		}
		basic := "2"
		if p.basic {
			basic = "1"
		}
		m2 := cents(p.ellipsoidM2(g))
		rows[i] = vector.Feature{Polygon: g, Values: []any{p.id, p.name, "10", p.use, "1", basic, m2, cents(m2 * 3 / 2000), p.id[:14], p.owner.code, p.owner.code + "J"}}
	}
	return vector.WriteGPKG(c.path("parcels.gpkg"), "DK", 4490, fields, rows)
}

func (c *making) writeRecords(context.Context) error {
	if err := c.book.writeFeeds(c.dir, c.land, c.tenure); err != nil {
		return err
	}
	return writeWeather(c.path("weather.csv"), c.opt.Seed, Year)
}

func (c *making) writeConfig(context.Context) error {
	if err := os.WriteFile(c.path("credit_policy.toml"), scoring.DefaultCreditPolicy(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(c.path("county.toml"), []byte(fmt.Sprintf(countyTOML, c.opt.Seed, countyCode, countyName, Year-2, Year-1, Year, Year, Year)), 0o644)
}

const countyTOML = `# A made-up county (parus sample county --seed %d). Nobody in it exists.
county = "%s"
name = "%s"
sample = true
identity_key = "identity.key"
credit_policy = "credit_policy.toml"
history = ["history/%d", "history/%d"]

[season]
id = "%d"
start = "%d-01-01"
end = "%d-12-31"

[imagery]
catalog = "scenes/catalog.json"
collections = ["sentinel-2-l2a"]
delivery_delay_days = 1

[parcels]
file = "parcels.gpkg"
id_field = ""

[weather]
file = "weather.csv"

[feeds]
contractors = "contractors.csv"
contracts = "contracts.csv"
transfers = "transfers.csv"
roster = "roster.csv"
declarations = "declarations.csv"
policies = "policies.csv"
subsidies = "subsidies.csv"
debts = "debts.csv"
costs = "costs.csv"
statistics = "statistics.csv"
members = "members.csv"
certificates = "certificates.csv"
lists = "lists.csv"
purchases = "purchases.csv"
meters = "meters.csv"
machinery = "machinery.csv"
issuers = "issuers.csv"
claims = "claims.csv"
`
