package sample

import (
	"context"
	"sort"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
)

// lonlat is the parcel in CGCS2000 (taken as WGS 84).
func (p *parcel) lonlat() (orb.MultiPolygon, error) {
	return parcels.Unproject(orb.MultiPolygon{{p.shape.ring()}}, utm)
}

func (p *parcel) ellipsoidM2(lonlat orb.MultiPolygon) float64 { return parcels.AreaM2(lonlat) }

// writeTruth writes expected.csv and truth.csv.
func (c *making) writeTruth(context.Context) error {
	plotOf, err := c.plots()
	if err != nil {
		return err
	}
	var rows [][]string
	for _, f := range c.faults {
		land := ""
		switch {
		case f.parcel != nil:
			land = f.parcel.id
		case f.field != nil && f.code != "INSURED_AREA_EXCEEDS_SEEN": // that one stands on the grower
			land = plotOf[f.field.parcels[0].id]
		}
		rows = append(rows, []string{c.key.GrowerID(f.who.number), land, f.code, f.seen})
	}
	sortRows(rows)
	if err := rundir.WriteCSV(c.path("expected.csv"), []string{"grower_id", "parcel_id", "code", "seen_by"}, rows); err != nil {
		return err
	}
	rows = nil
	for _, f := range c.tenure.fields {
		for _, p := range f.parcels {
			kind := "plot"
			if f.sliver {
				kind = "sliver"
			}
			rows = append(rows, []string{p.id, plotOf[p.id], c.key.GrowerID(f.farmer.number), kind, f.declared.name(), f.grown.truth(), f.fault})
		}
	}
	sortRows(rows)
	return rundir.WriteCSV(c.path("truth.csv"), []string{"parcel_id", "plot_id", "grower_id", "kind", "declared", "grown", "fault"}, rows)
}

// truth is what grows, in order; "greenhouse" or "bare" where nothing does.
func (r rotation) truth() string {
	if s := r.name(); s != "" {
		return s
	}
	return r.kind
}

func sortRows(rows [][]string) {
	sort.Slice(rows, func(i, j int) bool { return strings.Join(rows[i], "\x00") < strings.Join(rows[j], "\x00") })
}

// asOf is the default as-of day of the season: the newest scene's.
func (c *making) asOf() parcels.Date { return parcels.DateOf(c.skies[len(c.skies)-1].when) }

// plots names the plot that each parcel is judged with on the as-of day, from
// the same lease chains and grouping as a season.
func (c *making) plots() (map[string]string, error) {
	ps := make([]parcels.Parcel, len(c.land.parcels))
	ids := make([]string, len(ps))
	for i, p := range c.land.parcels {
		g, err := p.lonlat()
		if err != nil {
			return nil, err
		}
		ids[i] = p.id
		ps[i] = parcels.Parcel{County: countyCode, ID: p.id, Polygon: g, SourceCRS: "EPSG:4490", SourceEPSG: 4490, Source: g, AreaM2: p.ellipsoidM2(g)}
	}
	contracts, transfers := c.book.chains(func(p *person) string { return c.key.GrowerID(p.number) })
	farmers := parcels.Farmers(ids, contracts, transfers, c.asOf(), c.asOf())
	declared := map[string]map[string]bool{}
	for _, d := range c.book.declarations {
		if declared[d.parcel.id] == nil {
			declared[d.parcel.id] = map[string]bool{}
		}
		declared[d.parcel.id][d.crop] = true
	}
	plots, _ := parcels.GroupPlots(ps, farmers, parcels.PlotOptions{
		EPSG: func(parcels.Parcel) int { return utm },
		Key: func(id string) string {
			crops := make([]string, 0, 2)
			for crop := range declared[id] {
				crops = append(crops, crop)
			}
			sort.Strings(crops)
			return strings.Join(crops, "+")
		},
	})
	out := map[string]string{}
	for _, pl := range plots {
		for _, id := range pl.ParcelIDs {
			out[id] = pl.ID
		}
	}
	return out, nil
}

// chains are the contracts and transfers as the season reads them.
func (b *book) chains(id func(*person) string) ([]parcels.Contract, []parcels.Transfer) {
	var contracts []parcels.Contract
	for _, r := range b.contracts {
		contracts = append(contracts, parcels.Contract{Provenance: parcels.Provenance{ValidFrom: r.from, ValidTo: r.to},
			ContractID: r.id, ParcelID: r.parcel.id, GrowerID: id(r.who), AreaM2: r.m2})
	}
	var transfers []parcels.Transfer
	for _, r := range b.transfers {
		transfers = append(transfers, parcels.Transfer{Provenance: parcels.Provenance{ValidFrom: r.from, ValidTo: r.to},
			TransferID: r.id, ContractID: r.contract, ParcelID: r.parcel.id, From: id(r.giver), To: id(r.taker), AreaM2: r.m2, Signed: r.signed})
	}
	return contracts, transfers
}
