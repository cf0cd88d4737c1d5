package season

import (
	"strconv"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

func areaRows(areas []scoring.LandArea) []rundir.Area {
	said := func(a scoring.Area) *float64 {
		if a == 0 {
			return nil
		}
		mu := muOf(a)
		return &mu
	}
	out := make([]rundir.Area, len(areas))
	for i, a := range areas {
		r := rundir.Area{GrowerID: a.GrowerID, PlotID: a.PlotID, Parcels: int32(a.Parcels), Contract: said(a.Contract), Leased: said(a.Leased), Surveyed: said(a.Surveyed),
			Claimed: said(a.Claimed), Drawn: said(a.Drawn), Polygon: said(a.Polygon), Counts: said(a.Counts), CountedBy: strings.Join(a.CountedBy, ";")}
		if a.Seen {
			low, high := muOf(a.SeenLow), muOf(a.SeenHigh)
			r.SeenLow, r.SeenHigh = &low, &high
		}
		out[i] = r
	}
	return out
}

func agreementRows(as []scoring.Agreement) []rundir.Agreement {
	out := make([]rundir.Agreement, len(as))
	for i, a := range as {
		out[i] = rundir.Agreement{GrowerID: a.GrowerID, PlotID: a.PlotID, Subject: a.Subject, Self: a.Says[0], Government: a.Says[1], Partner: a.Says[2], Satellite: a.Says[3],
			Agree: strings.Join(a.Agree, ";"), Differ: strings.Join(a.Differ, ";")}
	}
	return out
}

// spellRows are who farms what over the season, by parcel and day.
func (p *plan) spellRows() []rundir.Spell {
	ids := make([]string, len(p.parcels))
	for i, pc := range p.parcels {
		ids[i] = pc.ID
	}
	spells := parcels.Timeline(ids, p.records.Contracts, p.records.Transfers, p.cfg.Season.Start, p.cfg.Season.End, p.asOf)
	var out []rundir.Spell
	for _, id := range ids {
		for _, s := range spells[id] {
			out = append(out, rundir.Spell{ParcelID: id, From: s.From.String(), To: s.To.String(), GrowerID: s.GrowerID, OwnerID: s.OwnerID,
				Leased: s.Leased, Chain: strings.Join(s.Chain, ";"), Conflict: s.Conflict})
		}
	}
	return out
}

// pastRows are what earlier seasons saw, in the order of plots and seasons.
func pastRows(ev *scoring.CountyEvidence) []rundir.Past {
	var out []rundir.Past
	for _, p := range ev.Plots {
		for _, past := range p.Past {
			yields := make([]string, len(past.Yields))
			for i, y := range past.Yields {
				yields[i] = strconv.FormatFloat(float64(y)/10, 'f', 1, 64)
			}
			out = append(out, rundir.Past{PlotID: p.PlotID, Season: past.Season, Crops: strings.Join(past.Crops, ";"), Yields: strings.Join(yields, ";"), Share: float64(past.Share) / 1e4})
		}
	}
	return out
}
