// Package raster turns satellite scenes into numbers per polygon: catalogs of
// scenes, usable-pixel masks, exact polygon coverage of the native pixel grid,
// and coverage-weighted statistics.
//
// It knows pixels and polygons. It does not know crops, growers or loans, and
// it does not know GDAL: a Reader hands it pixels (package raster/gdal is one).
package raster

import (
	"context"
	"time"

	"github.com/paulmach/orb"
)

// Band is one raster layer of a scene, by its Sentinel name.
type Band string

// The Sentinel-2 and Sentinel-1 bands Parus reads.
const (
	B02 Band = "B02"
	B03 Band = "B03"
	B04 Band = "B04"
	B05 Band = "B05"
	B06 Band = "B06"
	B07 Band = "B07"
	B08 Band = "B08"
	B8A Band = "B8A"
	B11 Band = "B11"
	B12 Band = "B12"
	SCL Band = "SCL"
	VV  Band = "VV"
	VH  Band = "VH"
)

// OpticalBands are the ten reflectance bands that get statistics, in the order
// every table and model of Parus uses.
var OpticalBands = []Band{B02, B03, B04, B05, B06, B07, B08, B8A, B11, B12}

// Grid is a north-up pixel grid in a projected CRS. X0, Y0 is the upper-left
// corner of the upper-left pixel in metres; Res the pixel size in metres.
type Grid struct {
	EPSG   int     `json:"epsg"`
	X0     float64 `json:"x0"`
	Y0     float64 `json:"y0"`
	Res    float64 `json:"res"`
	Width  int     `json:"width"`
	Height int     `json:"height"`
}

// Window is a rectangle of pixels of a grid: columns [Col, Col+Width), rows
// [Row, Row+Height), row 0 at the top.
type Window struct {
	Col    int `json:"col"`
	Row    int `json:"row"`
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Asset is one band of a scene as a file that can be read.
type Asset struct {
	Href     string  `json:"href"` // absolute path or URL
	Grid     Grid    `json:"grid"` // from proj:*; zero Width = not known before opening
	NoData   float64 `json:"nodata"`
	Scale    float64 `json:"scale"`              // claimed; DN × Scale + Offset = reflectance, for radar the value in Unit
	Offset   float64 `json:"offset"`             // claimed, in reflectance units (−0.1 after baseline 04.00)
	Size     int64   `json:"size,omitempty"`     // bytes; local files and file:size
	ETag     string  `json:"etag,omitempty"`     // http
	Checksum string  `json:"checksum,omitempty"` // file:checksum
	ModTime  string  `json:"mod_time,omitempty"` // RFC 3339 with nanoseconds, local files only
	Layer    int     `json:"layer,omitempty"`    // which raster band of a file with several, from 1; 0 = 1
	Unit     string  `json:"unit,omitempty"`     // raster:bands unit; "dB" for radar in decibels
}

// Fingerprint is what identifies the asset's content in a cache key.
func (a Asset) Fingerprint() string { return assetFingerprint(a) }

// Scene is one acquisition of one tile (a STAC item).
type Scene struct {
	ID         string    `json:"id"`
	Collection string    `json:"collection"`
	Time       time.Time `json:"time"`
	EPSG       int       `json:"epsg"`
	Tile       string    `json:"tile,omitempty"` // MGRS tile where known; else derived from the grid
	Platform   string    `json:"platform,omitempty"`
	Baseline   string    `json:"baseline,omitempty"` // processing baseline, "05.09"
	CloudCover *float64  `json:"cloud_cover,omitempty"`
	SunZenith  *float64  `json:"sun_zenith,omitempty"`  // degrees
	SunAzimuth *float64  `json:"sun_azimuth,omitempty"` // degrees
	// Mean direction from the ground to the sensor, degrees; both or neither.
	ViewZenith  *float64       `json:"view_zenith,omitempty"`
	ViewAzimuth *float64       `json:"view_azimuth,omitempty"`
	Orbit       string         `json:"orbit,omitempty"` // direction and track, "ascending 88": radar of two orbits is never one series
	Footprint   orb.Polygon    `json:"footprint"`       // WGS 84 lon, lat
	Assets      map[Band]Asset `json:"assets"`
	// OffsetApplied is the catalog's boa_offset_applied flag, nil where absent.
	OffsetApplied *bool  `json:"offset_applied,omitempty"`
	Settled       Offset `json:"settled"` // decided once per scene in plan
}

// Offset is the radiometric offset settled for a whole scene.
// reflectance = (DN + DN0) / 10000.
type Offset struct {
	DN0          float64 `json:"dn0"`                    // 0 or −1000 in practice
	Reason       string  `json:"reason"`                 // which source decided
	Disagreement string  `json:"disagreement,omitempty"` // named warning where sources contradict each other
}

// Warning is something that went wrong without stopping the run.
type Warning struct {
	Code    string `json:"code"`    // snake_case, stable: unreadable_band, offset_contradicted …
	Subject string `json:"subject"` // scene, band, parcel, file
	Detail  string `json:"detail"`
}

// Reader gives pixels. Implementations are not safe for concurrent use; each
// goroutine opens its own.
type Reader interface {
	// Describe returns the grid of an asset without reading pixels.
	Describe(ctx context.Context, a Asset) (Grid, error)
	// Blocks is the size in pixels of the blocks the asset is stored in, the
	// first at the corner of the grid. Windows of whole blocks read cheapest.
	Blocks(ctx context.Context, a Asset) (width, height int, err error)
	// Read fills dst (row-major, len w.Width*w.Height) with raw DN of the
	// window. The window lies inside the asset's grid.
	Read(ctx context.Context, a Asset, w Window, dst []uint16) error
	// ReadFloat is Read for assets that are not 16 bit whole numbers (radar). No
	// data is NaN.
	ReadFloat(ctx context.Context, a Asset, w Window, dst []float32) error
	Close() error
}

// Shape is a polygon to be observed, in the CRS of the scene grid (metres).
type Shape struct {
	ID      string           `json:"id"`
	Kind    string           `json:"kind"` // "plot" or "parcel"
	Polygon orb.MultiPolygon `json:"polygon"`
}

// Stats are coverage-weighted statistics of one band inside one polygon.
// Total = coverage-weighted pixels, Count = the usable ones, Inside = usable
// pixels wholly within. The others are NaN where Count is 0.
type Stats struct {
	Total, Count, Inside                  float64
	Mean, Std, Min, P25, Median, P75, Max float64
}

// Observation is one plot (or parcel) × one scene × one band. Reflectance is
// 0–1 after the settled offset.
type Observation struct {
	ParcelID string // plot ID where Kind is "plot"
	Kind     string // "plot" or "parcel"
	SceneID  string
	Time     time.Time // UTC
	Band     Band
	Stats
	Doubtful float64 // share of Count that is doubtful (SCL 2, 7)
	Orbit    string  // of radar: direction and track (Scene.Orbit); radar of two orbits is never one series
}
