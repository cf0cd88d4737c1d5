package parcels

import (
	"fmt"
	"math"
	"time"

	"github.com/parus-lending/parus/raster"
)

// Vote says whether one scene counts for one plot, and who says so. No witness
// is trusted alone: the scene classification (SCL), the plot's own past and
// future, and the cloud network where it was asked.
type Vote struct {
	SceneID string
	Time    time.Time
	Share   float64 // of the plot that SCL calls usable, 0–1
	Doubt   float64 // share of that which SCL doubts (dark, unclassified)
	ByTime  Verdict
	Network float64 // share of the plot that the network calls clear; NaN = not asked
	Trust   float64 // mean of the voices, 0–1
	Usable  float64 // Share × Trust
	Counts  bool    // enough of the plot is seen, and more voices are for it than against
	LeftOut bool    // enough is seen by SCL, but it does not count
}

// What each witness says, as the share of such looks that are taken for clear.
const (
	voiceDoubt   = 0.5 // SCL's of doubtful pixels: about half of them were cloud or shadow in Flanders
	voiceSuspect = 0.4 // time's of a suspect look; 1 for clear, 0 for cloud and shadow
	minTrust     = 0.5 // a look counts above it
)

// Votes judges every scene of one plot. Observations are those of BuildSeries.
func Votes(obs []raster.Observation, opt SeriesOptions) []Vote {
	return opt.withDefaults().votes(looks(obs))
}

func (o SeriesOptions) votes(ls []look) []Vote {
	out := make([]Vote, len(ls))
	var enough []look
	var at []int
	for i, l := range ls {
		out[i] = Vote{SceneID: l.scene, Time: l.time, Share: l.share, Doubt: l.doubt, Network: math.NaN()}
		if l.share >= o.MinUsable && l.inside >= o.MinInside {
			enough, at = append(enough, l), append(at, i)
		}
	}
	if !o.NoTime {
		for k, v := range judgeByTime(enough) {
			out[at[k]].ByTime = v
		}
	}
	for i := range out {
		v := &out[i]
		if n, asked := o.Network[v.SceneID]; asked {
			v.Network = n
		}
		v.Trust = v.trust()
		v.Usable = v.Share * v.Trust
	}
	for _, i := range at {
		out[i].Counts = out[i].Trust > minTrust || out[i].alone()
		out[i].LeftOut = !out[i].Counts
	}
	return out
}

// alone reports whether SCL is the only witness.
func (v *Vote) alone() bool { return v.ByTime == NoWitness && math.IsNaN(v.Network) }

// trust is the mean of the voices.
func (v *Vote) trust() float64 {
	sum, n := 1-(1-voiceDoubt)*v.Doubt, 1.0
	switch v.ByTime {
	case TimeClear:
		sum, n = sum+1, n+1
	case Suspect:
		sum, n = sum+voiceSuspect, n+1
	case TimeCloud, TimeShadow:
		n++
	}
	if !math.IsNaN(v.Network) {
		sum, n = sum+v.Network, n+1
	}
	return sum / n
}

// Disputed reports whether SCL and time disagree on the look, or SCL is in doubt
// and time has no witness: the cloud network is asked.
func (v Vote) Disputed() bool {
	switch {
	case !v.Counts && !v.LeftOut:
		return false
	case v.ByTime == NoWitness:
		return v.Doubt >= 0.5
	}
	return v.ByTime != TimeClear
}

// String names the day and the voices: "2018-05-07 scl 0.98, time cloud, network 0.12".
func (v Vote) String() string {
	s := fmt.Sprintf("%s scl %.2f", DateOf(v.Time.UTC()), 1-(1-voiceDoubt)*v.Doubt)
	if v.ByTime != NoWitness {
		s += ", time " + v.ByTime.String()
	}
	if !math.IsNaN(v.Network) {
		s += fmt.Sprintf(", network %.2f", v.Network)
	}
	return s
}
