package sample

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/vector"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/scoring"
)

// RecordsOptions of Records.
type RecordsOptions struct {
	Parcels string // GeoPackage, GeoJSON or Shapefile of the land
	Scenes  string // STAC catalog: path or address
	Weather string // daily weather
	IDField string // property of the parcel code; empty = the usual ones
	Seed    int64
}

// noCounty is the code written for land outside China's registry.
const noCounty = "000000"

// seasonMonths is how many months of a year must have scenes for it to be a
// season.
const seasonMonths = 9

// cropColumns are properties that may name the crop of a parcel.
var cropColumns = []string{"ct_name", "crop", "crop_name", "crop_type", "zwmc", "作物"}

// Records writes made-up county records for any land and imagery: contractors,
// contracts, transfers, roster, declarations, policies, subsidies, debts, costs
// and statistics, a credit policy, an identity key, and a county.toml that runs
// from anywhere. The season is the newest calendar year with at least nine
// months of scenes. A parcel's declared crop is the one its file names, else
// drawn from the seed.
func Records(ctx context.Context, dir string, opt RecordsOptions) error {
	if err := records(ctx, dir, opt); err != nil {
		return fmt.Errorf("sample records: %w", err)
	}
	return nil
}

func records(ctx context.Context, dir string, opt RecordsOptions) error {
	var err error
	for _, p := range []*string{&opt.Parcels, &opt.Weather, &opt.Scenes} {
		if *p != "" && !strings.Contains(*p, "://") {
			if *p, err = filepath.Abs(*p); err != nil {
				return err
			}
		}
	}
	scenes, _, err := raster.ReadCatalog(ctx, opt.Scenes, raster.CatalogOptions{})
	if err != nil {
		return err
	}
	year, err := seasonYear(scenes)
	if err != nil {
		return err
	}
	vopt := vector.Options{IDField: opt.IDField}
	land, _, _, err := vector.Read(ctx, opt.Parcels, vopt)
	if err != nil {
		return err
	}
	named, err := vector.Column(ctx, opt.Parcels, vopt, cropColumns...)
	if err != nil {
		return err
	}
	sort.Slice(land, func(i, j int) bool { return land[i].ID < land[j].ID })
	r := &realLand{opt: opt, year: year, c: newChance(opt.Seed, "records"), county: countyOf(land), collections: collectionsOf(scenes)}
	r.settle(land, named)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := r.writeFeeds(dir); err != nil {
		return err
	}
	if err := identity.NewKeyFile(filepath.Join(dir, "identity.key"), opt.Seed); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "credit_policy.toml"), scoring.DefaultCreditPolicy(), 0o644); err != nil {
		return err
	}
	return r.writeConfig(dir)
}

// countyOf is the county of most registry codes.
func countyOf(land []parcels.Parcel) string {
	n, best := map[string]int{}, noCounty
	for _, p := range land {
		if p.County != "" {
			n[p.County]++
		}
	}
	for c, k := range n {
		if k > n[best] || k == n[best] && c < best {
			best = c
		}
	}
	return best
}

// collectionsOf are the collections with optical scenes, quoted and sorted.
func collectionsOf(scenes []raster.Scene) []string {
	seen := map[string]bool{}
	var out []string
	for _, s := range scenes {
		if q := fmt.Sprintf("%q", s.Collection); s.Collection != "" && !seen[q] {
			seen[q] = true
			out = append(out, q)
		}
	}
	sort.Strings(out)
	return out
}

// seasonYear is the newest calendar year with scenes in at least nine months.
func seasonYear(scenes []raster.Scene) (int, error) {
	months := map[int]map[int]bool{}
	for _, s := range scenes {
		y, m := s.Time.UTC().Year(), int(s.Time.UTC().Month())
		if months[y] == nil {
			months[y] = map[int]bool{}
		}
		months[y][m] = true
	}
	best, seen := 0, ""
	for _, y := range slices.Sorted(maps.Keys(months)) {
		if len(months[y]) >= seasonMonths {
			best = y
		}
		seen += fmt.Sprintf(" %d has %d;", y, len(months[y]))
	}
	if len(scenes) == 0 {
		return 0, fmt.Errorf("the catalog holds no scene: give a STAC catalog of Sentinel-2 items")
	}
	if best == 0 {
		return 0, fmt.Errorf("no calendar year has scenes in at least %d months:%s give a catalog with more dates", seasonMonths, seen)
	}
	return best, nil
}

// realLand is made-up records over land that is really there.
type realLand struct {
	opt         RecordsOptions
	year        int
	county      string
	collections []string // quoted
	c           chance
	people      []*person
	fields      []holding
}

// holding is one parcel with who owns, farms and what he declares.
type holding struct {
	parcel        parcels.Parcel
	owner, farmer *person
	crop          string
	leased        bool
}

// parcelsEach is how many parcels a made-up grower farms, about.
const parcelsEach = 4

// settle gives neighbours in the file to one grower, leases a third of the
// land from another household, and names the crops.
func (r *realLand) settle(land []parcels.Parcel, named map[string]string) {
	newPerson := func() *person {
		p := &person{kind: "person", code: fmt.Sprintf("%s%012d", r.county, len(r.people)+1)}
		p.describe(r.c, len(r.people), "")
		r.people = append(r.people, p)
		return p
	}
	var farmer, giver *person
	left := 0
	for _, p := range land {
		if left == 0 {
			farmer, giver, left = newPerson(), newPerson(), r.c.whole(1, 2*parcelsEach-1)
		}
		left--
		h := holding{parcel: p, owner: farmer, farmer: farmer, leased: r.c.IntN(3) == 0}
		if h.leased {
			h.owner = giver
		}
		crop, ok := feeds.Crop(named[p.ID])
		if !ok {
			crop = oneOf(r.c, yields).crop
		}
		h.crop = crop
		r.fields = append(r.fields, h)
	}
}

func (r *realLand) writeFeeds(dir string) error {
	day := func(y, m, d int) parcels.Date { return on(y, m, d) }
	filed, season := day(r.year, 2, 20), fmt.Sprint(r.year)
	tables := map[string]*feeds.Table{
		"contractors":  feeds.NewTable("contractors", "CBFBM", "CBFLX", "CBFMC", "CBFZJLX", "CBFZJHM", "LXDH", "received"),
		"contracts":    feeds.NewTable("contracts", "CBHTBM", "DKBM", "CBFBM", "HTMJ", "CBQXQ", "CBQXZ", "received"),
		"transfers":    feeds.NewTable("transfers", "LZHTBM", "CBHTBM", "DKBM", "CBFBM", "SRFBM", "LZQXKSRQ", "LZQXJSRQ", "LZMJ", "HTQDRQ", "received"),
		"roster":       feeds.NewTable("roster", "id_number", "name", "phone", "kind", "requested_yuan", "declared_debt_yuan", "received"),
		"declarations": feeds.NewTable("declarations", "contractor_id", "parcel_id", "season", "crop", "received"),
		"policies":     feeds.NewTable("policies", "policy_id", "id_number", "crop", "area_m2", "parcel_ids", "sum_insured_per_mu_yuan", "valid_from", "valid_to", "received"),
		"subsidies":    feeds.NewTable("subsidies", "subsidy_id", "contractor_id", "parcel_id", "season", "crop", "area_m2", "received"),
		"debts":        feeds.NewTable("debts", "debt_id", "id_number", "lender", "purpose", "outstanding_yuan", "due", "days_past_due", "valid_from", "received"),
		"costs":        feeds.NewTable("costs", "county", "crop", "year", "total_yuan_mu", "materials_yuan_mu", "hired_labour_yuan_mu", "family_labour_yuan_mu", "rent_yuan_mu", "own_land_yuan_mu", "yield_kg_mu", "price_yuan_50kg", "split", "received"),
		"statistics":   feeds.NewTable("statistics", "county", "crop", "year", "yield_kg_mu", "received"),
	}
	for _, p := range r.people {
		tables["contractors"].Add(p.code, "1", p.name, "1", p.number, p.phone, day(r.year-5, 1, 31))
	}
	farmed := map[*person]float64{}
	for i, h := range r.fields {
		m2 := cents(h.parcel.AreaM2)
		contract := fmt.Sprintf("%s%012dJ", r.county, i+1)
		tables["contracts"].Add(contract, h.parcel.ID, h.owner.code, m2, day(r.year-20, 10, 1), day(r.year+10, 9, 30), day(r.year-5, 1, 31))
		if h.leased {
			tables["transfers"].Add(fmt.Sprintf("%s%012d", r.county, i+1), contract, h.parcel.ID, h.owner.code, h.farmer.code,
				day(r.year-2, 1, 1), day(r.year+3, 12, 31), m2, day(r.year-3, 11, 11), day(r.year-3, 12, 1))
		}
		tables["declarations"].Add(h.farmer.code, h.parcel.ID, season, h.crop, filed)
		tables["subsidies"].Add(fmt.Sprintf("SUB%d%06d", r.year, i+1), h.farmer.code, h.parcel.ID, season, h.crop, m2, filed)
		farmed[h.farmer] += m2
		if r.c.IntN(2) == 0 {
			tables["policies"].Add(fmt.Sprintf("PIC%d%06d", r.year, i+1), h.farmer.number, h.crop, m2, h.parcel.ID, 700,
				day(r.year-1, 9, 15), day(r.year, 12, 31), filed)
		}
	}
	for i, p := range r.people {
		if farmed[p] == 0 {
			continue
		}
		owed := int64(0)
		if r.c.IntN(4) == 0 {
			owed = int64(r.c.whole(2, 20)) * 1000
			tables["debts"].Add(fmt.Sprintf("JJ%d%06d", r.year, i+1), p.number, "Village Bank", "other", owed, day(r.year+1, 6, 15), 0, day(r.year-1, 10, 10), filed)
		}
		asked := int64(farmed[p]/parcels.SquareMetresPerMu) * 400 / 100 * 100
		tables["roster"].Add(p.number, p.name, p.phone, p.kind, asked, owed, day(r.year, 2, 25))
	}
	for _, y := range yields {
		for k, f := range yearFactor {
			at := r.year - len(yearFactor) + k
			tables["statistics"].Add(r.county, y.crop, at, cents(y.kgMu*f), day(at+1, 2, 10))
		}
		tables["costs"].Add(r.county, y.crop, r.year-1, y.materials+y.hired+y.family+y.rent+y.own, y.materials, y.hired, y.family, y.rent, y.own, y.kgMu, y.price50, "true", day(r.year, 1, 31))
	}
	for name, t := range tables {
		if err := t.Write(filepath.Join(dir, name+".csv")); err != nil {
			return err
		}
	}
	return nil
}

func (r *realLand) writeConfig(dir string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Made-up records over real land and imagery (parus sample records --seed %d).\n", r.opt.Seed)
	fmt.Fprintf(&b, "county = %q\nname = %q\nidentity_key = \"identity.key\"\ncredit_policy = \"credit_policy.toml\"\n\n", r.county, "Made-up records")
	fmt.Fprintf(&b, "[season]\nid = \"%d\"\nstart = \"%d-01-01\"\nend = \"%d-12-31\"\n\n", r.year, r.year, r.year)
	fmt.Fprintf(&b, "[imagery]\ncatalog = %q\ncollections = [%s]\n\n[parcels]\nfile = %q\nid_field = %q\n\n", r.opt.Scenes, strings.Join(r.collections, ", "), r.opt.Parcels, r.opt.IDField)
	if r.opt.Weather != "" {
		fmt.Fprintf(&b, "[weather]\nfile = %q\n\n", r.opt.Weather)
	}
	b.WriteString("[feeds]\n")
	for _, f := range scoring.Feeds {
		if _, err := os.Stat(filepath.Join(dir, f+".csv")); err == nil {
			fmt.Fprintf(&b, "%s = \"%s.csv\"\n", f, f)
		}
	}
	return os.WriteFile(filepath.Join(dir, "county.toml"), []byte(b.String()), 0o644)
}
