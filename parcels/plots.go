package parcels

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"strings"

	"github.com/paulmach/orb"
)

// PlotOptions say how parcels are gathered into plots.
type PlotOptions struct {
	// Gap in metres: parcels no farther apart than this along a shared stretch
	// are adjacent (field edges, ditches, sloppy drawing). Default 1.0.
	Gap float64
	// MinShared in metres is the stretch of border that must be shared, so
	// that land touching only at a corner stays apart. A stretch counts with
	// up to Gap past each of its ends. Default 5: narrow strips joined end to
	// end share their width.
	MinShared float64
	// EPSG chooses the projected CRS a parcel is at home in. Default: the UTM
	// zone of its representative point. A plot stays within one CRS.
	EPSG func(Parcel) int
	// Key, where given, keeps parcels of one grower apart unless their keys
	// are equal (for example the crops declared for the season).
	Key func(parcelID string) string
}

func (o PlotOptions) withDefaults() PlotOptions {
	if o.Gap == 0 {
		o.Gap = 1
	}
	if o.MinShared == 0 {
		o.MinShared = 5
	}
	if o.EPSG == nil {
		o.EPSG = func(p Parcel) int {
			pt := RepresentativePoint(p.Polygon)
			return UTMEPSG(pt[0], pt[1])
		}
	}
	if o.Key == nil {
		o.Key = func(string) string { return "" }
	}
	return o
}

// land is a parcel laid out in its home CRS.
type land struct {
	Parcel
	grower, key string
	epsg        int
	poly        orb.MultiPolygon
}

// GroupPlots dissolves adjacent parcels of one grower into plots, sorted by ID.
// A parcel that nobody is known to farm is in no plot. The notes name what
// could not be done as wanted. The order of parcels changes nothing.
func GroupPlots(ps []Parcel, farmers map[string]Farmer, opt PlotOptions) ([]Plot, []string) {
	opt = opt.withDefaults()
	var notes []string
	var lands []land
	for _, p := range ps {
		f := farmers[p.ID]
		if f.GrowerID == "" {
			continue
		}
		l := land{Parcel: p, grower: f.GrowerID, key: opt.Key(p.ID), epsg: opt.EPSG(p)}
		poly, err := layOut(p, l.epsg)
		if err != nil {
			notes = append(notes, fmt.Sprintf("parcel %s is in no plot: %v", p.ID, err))
			continue
		}
		l.poly = poly
		if l.AreaM2 == 0 {
			l.AreaM2 = AreaM2(p.Polygon)
		}
		lands = append(lands, l)
	}
	sort.Slice(lands, func(i, j int) bool {
		a, b := lands[i], lands[j]
		return firstOf(strings.Compare(a.grower, b.grower), strings.Compare(a.key, b.key), a.epsg-b.epsg, strings.Compare(a.ID, b.ID)) < 0
	})
	var plots []Plot
	for first := 0; first < len(lands); {
		last := first + 1
		for last < len(lands) && lands[last].grower == lands[first].grower && lands[last].key == lands[first].key && lands[last].epsg == lands[first].epsg {
			last++
		}
		for _, g := range adjacentGroups(lands[first:last], opt) {
			plot, note := dissolve(g)
			if note != "" {
				notes = append(notes, note)
			}
			plots = append(plots, plot)
		}
		first = last
	}
	sort.Slice(plots, func(i, j int) bool { return plots[i].ID < plots[j].ID })
	sort.Strings(notes)
	return plots, notes
}

// layOut is the parcel's polygon in the CRS: as given where that is its own,
// so that nothing moves.
func layOut(p Parcel, epsg int) (orb.MultiPolygon, error) {
	if p.SourceEPSG == epsg && len(p.Source) > 0 {
		return p.Source, nil
	}
	return Project(p.Polygon, epsg)
}

// PlotID is stable: it hangs on the county, the grower and the parcels alone.
func plotID(county, grower string, sortedIDs []string) string {
	h := sha256.New()
	for _, s := range append([]string{county, grower}, sortedIDs...) {
		fmt.Fprintf(h, "%d:%s,", len(s), s)
	}
	return "P" + hex.EncodeToString(h.Sum(nil))[:12]
}
