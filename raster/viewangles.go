package raster

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// viewAngles gathers the mean view angles of a tile's bands as MTD_TL.xml lists
// them (Mean_Viewing_Incidence_Angle, one for each band). The bands look up to
// a degree apart; what growth needs is their mean.
type viewAngles struct {
	zenith, azimuth [13]float64 // degrees by band_id; NaN or not seen = none
	seen            [13][2]bool
}

// add takes ZENITH_ANGLE or AZIMUTH_ANGLE of one band. A band without a number
// (NaN where no detector saw the tile) is left out, as are those that are not
// among OpticalBands.
func (v *viewAngles) add(l xmlLeaf) error {
	id, err := strconv.Atoi(l.attr["bandId"])
	if err != nil || id < 0 || id >= len(v.zenith) {
		return fmt.Errorf("its bandId %q is no number of a band", l.attr["bandId"])
	}
	x, err := strconv.ParseFloat(l.text, 64)
	if err != nil {
		return fmt.Errorf("%q is no number", l.text)
	}
	if l.name() == "ZENITH_ANGLE" {
		v.zenith[id], v.seen[id][0] = x, x >= 0 && x < 90
	} else {
		v.azimuth[id], v.seen[id][1] = x, math.Abs(x) <= 360
	}
	return nil
}

// mean is the mean zenith and the direction of the mean of the azimuths (350°
// and 10° give 0°), in degrees; nil where no band tells both.
func (v *viewAngles) mean() (zenith, azimuth *float64) {
	var n, sum, east, north float64
	for id := range v.zenith {
		if !v.seen[id][0] || !v.seen[id][1] || !isOptical(id) {
			continue
		}
		n++
		sum += v.zenith[id]
		east += math.Sin(v.azimuth[id] * math.Pi / 180)
		north += math.Cos(v.azimuth[id] * math.Pi / 180)
	}
	if n == 0 {
		return nil, nil
	}
	z, a := sum/n, math.Atan2(east, north)*180/math.Pi
	if a < 0 {
		a += 360
	}
	return &z, &a
}

func isOptical(id int) bool {
	return slices.ContainsFunc(OpticalBands, func(b Band) bool { return bandIDs[b] == id })
}
