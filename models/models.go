// Package models holds what judges a crop cycle: model cards and their
// registry, crop recognition, growth, yield, calibration and evaluation.
//
// It is plain Go: networks run through a Runtime, of which models/onnxgo (pure
// Go) and models/ort (ONNX Runtime) are two. It does not know money or people.
package models

import (
	"context"

	"github.com/parus-lending/parus/parcels"
)

// A Session runs one loaded network. Every network of Parus has one float32
// input and one float32 output with the batch as first axis. Not safe for
// concurrent use, one session per worker, unless it is a ConcurrentSession.
type Session interface {
	// Run takes rows × (product of the card's input shape) numbers, row-major,
	// and returns rows × (product of the output shape).
	Run(ctx context.Context, in []float32, rows int) ([]float32, error)
	Close() error
}

// A ConcurrentSession may be run by several goroutines at once.
type ConcurrentSession interface {
	Session
	RunsConcurrently()
}

// A Runtime opens networks. It refuses a card whose operators it lacks.
type Runtime interface {
	Name() string // "onnx-go" or "onnxruntime 1.30.0"
	Open(card *Card, onnx []byte) (Session, error)
}

// CropInput is the calendar year of a cycle's peak on the 36-dekad axis.
// Bands[d][b] is reflectance 0–1 of raster.OpticalBands[b], Radar[d] is VV and
// VH in dB (mean in linear power over the dekad); NaN = not observed or outside
// the cycle. EmptyCropInput is one where nothing was seen.
type CropInput struct {
	Bands [36][10]float64
	Radar [36][2]float64
}

// CropResult is what imagery says grows (or grew) in one cycle.
type CropResult struct {
	Crop          string    // most probable class, filled even where not assessable
	Probability   float64   // calibrated
	Probabilities []float64 // in the order of Card.Classes
	Familiarity   float64   // 0–1: how like the series of training; NaN = the network does not say
	Assessable    bool
	Reason        string // code where not assessable: few_dates, low_confidence, unfamiliar …
}

// WeatherDay is one day of weather at a place.
type WeatherDay struct {
	Date        parcels.Date
	TminC       float64
	TmeanC      float64
	TmaxC       float64
	RadiationMJ float64 // global radiation, MJ/m²/day
	RainMM      float64
	ET0MM       float64 // 0 = not given; the yield model estimates it
}

// CountyYield is what statistics say of a crop in a county before the season.
type CountyYield struct {
	Crop   string
	Years  int     // number of years behind it
	MeanKg float64 // kg/mu at trade moisture
	SDKg   float64 // between years, kg/mu; 0 = not known
	Source string
}

// YieldInput is one cycle to be judged. AsOf is the last day known.
type YieldInput struct {
	Crop       string
	Emergence  parcels.Date
	Harvest    parcels.Date // expected or seen (P50)
	AsOf       parcels.Date
	FAPARDays  []float64    // daily FAPAR from Emergence on, up to min(Harvest, AsOf)
	Days       []WeatherDay // covers the same days, ascending
	County     *CountyYield // nil = no statistics
	LandRatio  float64      // the land's own past yield ÷ county's; 0 = no history
	ClearDates int          // quality of the FAPAR series
}

// YieldResult is kg per mu at the crop's trade moisture.
type YieldResult struct {
	P10, P25, P50, P90 float64
	Basis              string // "imagery", "imagery and county statistics", "county statistics", "county statistics and the land's past"
	OK                 bool
	Reason             string // code where not OK: no_weather, no_coefficients …
}

// Names of the two runtimes as cards list them; a Runtime's Name starts with
// one of them.
const (
	OnnxGo      = "onnx-go"
	OnnxRuntime = "onnxruntime"
)
