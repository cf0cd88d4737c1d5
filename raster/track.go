package raster

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Sentinel-1 flies 175 revolutions in 12 days; two of its satellites stand half
// an orbit apart, so that a track is flown again after 6 days, at the same time
// of day.
const (
	radarRepeat = 6 * 24 * time.Hour
	oneTrack    = 5 * time.Minute // slices of a pass come within a minute; two tracks over one place are hours apart
)

// SettleOrbits fills Orbit of the radar scenes that do not tell their track, so
// that no series mixes two: scenes of one direction that come at the same time
// of the 6-day repeat are of one track. It is called by the day in the repeat,
// counted from 1 January 1970, and the time of the earliest scene: "repeat 3
// 17:32" or "ascending repeat 3 17:32". Scenes that tell their track keep it.
func SettleOrbits(scenes []Scene) {
	by := map[string][]int{} // direction → radar scenes without a track
	var directions []string
	for i, s := range scenes {
		if _, track := s.orbit(); !s.Radar() || track != "" {
			continue
		}
		if by[s.Orbit] == nil {
			directions = append(directions, s.Orbit)
		}
		by[s.Orbit] = append(by[s.Orbit], i)
	}
	for _, direction := range directions {
		for _, track := range tracks(scenes, by[direction]) {
			first := scenes[track[0]]
			for _, i := range track {
				if before(scenes[i], first) {
					first = scenes[i]
				}
			}
			at := phase(first.Time)
			day := at / (24 * time.Hour)
			name := fmt.Sprintf("%s repeat %d %s", direction, day, first.Time.UTC().Format("15:04"))
			for _, i := range track {
				scenes[i].Orbit = strings.TrimSpace(name)
			}
		}
	}
}

// phase is how far into the repeat a time lies.
func phase(t time.Time) time.Duration {
	return time.Duration(((t.UnixNano() % int64(radarRepeat)) + int64(radarRepeat)) % int64(radarRepeat))
}

// tracks parts scenes where their phases leave a gap, on the circle of the
// repeat.
func tracks(scenes []Scene, which []int) [][]int {
	sort.SliceStable(which, func(a, b int) bool { return phase(scenes[which[a]].Time) < phase(scenes[which[b]].Time) })
	var out [][]int
	for k, i := range which {
		if k == 0 || phase(scenes[i].Time)-phase(scenes[which[k-1]].Time) > oneTrack {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], i)
	}
	last := out[len(out)-1]
	round := phase(scenes[which[0]].Time) + radarRepeat - phase(scenes[last[len(last)-1]].Time)
	if len(out) > 1 && round <= oneTrack { // the repeat's end lies within a track
		out[0] = append(last, out[0]...)
		out = out[:len(out)-1]
	}
	return out
}

// orbit parts Orbit into the direction and the number of the track, "" where
// not told.
func (s Scene) orbit() (direction, track string) {
	words := strings.Fields(s.Orbit)
	for _, w := range words {
		if w == "repeat" { // settled here
			return "", s.Orbit
		}
	}
	if n := len(words); n > 0 {
		if _, err := strconv.Atoi(words[n-1]); err == nil {
			return strings.Join(words[:n-1], " "), words[n-1]
		}
	}
	return s.Orbit, ""
}
