package season

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sort"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/raster"
)

func workers(opt Options) int {
	if opt.Workers > 0 {
		return opt.Workers
	}
	return runtime.NumCPU()
}

func (p *plan) warn(stage, code, subject, detail string) {
	w := rundir.Warning{Stage: stage, Code: code, Subject: subject, Detail: detail}
	p.info.Warnings = append(p.info.Warnings, w)
	p.opt.Progress.Warn(w)
}

func (p *plan) warnAll(stage string, ws []raster.Warning) {
	for _, w := range ws {
		p.warn(stage, w.Code, w.Subject, w.Detail)
	}
}

// input notes a file the run reads, with its size and sha256. A Shapefile's
// and a GeoPackage's companions are read through GDAL and not noted apart.
func (p *plan) input(kind, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil {
		return fmt.Errorf("read %s: %w", path, err)
	}
	p.info.Inputs = append(p.info.Inputs, rundir.Input{Kind: kind, Path: filepath.Base(path), Size: n, SHA256: hex.EncodeToString(h.Sum(nil))})
	return nil
}

// readInput reads a small file whole and notes it.
func readInput(p *plan, kind, path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return b, p.input(kind, path)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("json of %T: %v", v, err)) // only plain data types are passed
	}
	return string(b)
}

// noteScenes lists the scenes with their settled offsets in run.json.
func (p *plan) noteScenes() {
	for _, s := range p.scenes {
		in := rundir.Input{Kind: "scene", Path: s.ID, Note: fmt.Sprintf("offset %+g DN: %s", s.Settled.DN0, s.Settled.Reason)}
		if s.Radar() {
			in.Note = "radar, orbit " + s.Orbit
		}
		var prints []string
		for _, b := range slices.Concat([]raster.Band{raster.SCL}, raster.OpticalBands, raster.RadarBands) {
			if a, ok := s.Assets[b]; ok {
				in.Size += a.Size
				prints = append(prints, string(b)+"="+a.Fingerprint())
			}
		}
		in.Checksum = "assets:" + keyOf(prints)
		p.info.Inputs = append(p.info.Inputs, in)
	}
}

// seenBand is the band whose usable pixels tell how much of the land a scene saw.
const seenBand = raster.B04

// noteSeen keeps an optical scene, with the share of the run's land that it saw
// clear, for who wants to look at it.
func (p *plan) noteSeen(id string, rows []rundir.Observation) {
	at := slices.IndexFunc(p.scenes, func(s raster.Scene) bool { return s.ID == id && !s.Radar() })
	if at < 0 {
		return
	}
	var land, clear float64 // m²
	for _, pc := range p.parcels {
		land += pc.AreaM2
	}
	for _, r := range rows {
		if r.Band == string(seenBand) {
			clear += r.Count * bandPixelM2
		}
	}
	p.seen = append(p.seen, rundir.SeenScene{Clear: round(min(clear/land, 1), 1e-4), Scene: p.scenes[at]})
}

// bandPixelM2 is the ground of one pixel of seenBand.
const bandPixelM2 = 100
