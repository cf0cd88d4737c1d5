// Package rundir reads and writes the files of a run: the contract with
// everyone who opens a run's folder. Columns may be added, never renamed.
// docs/formats.md describes each.
package rundir

import (
	"time"

	"github.com/parus-lending/parus/raster"
)

// Observation is a row of observations/*.parquet. What takes few values (pixels
// are whole numbers) is written as a dictionary.
type Observation struct {
	ParcelID string    `parquet:"parcel_id,dict"`
	Kind     string    `parquet:"kind,dict"` // plot | parcel
	SceneID  string    `parquet:"scene_id,dict"`
	Time     time.Time `parquet:"time,timestamp(millisecond)"`
	Band     string    `parquet:"band,dict"`
	Total    float64   `parquet:"total"`
	Count    float64   `parquet:"count"`
	Inside   float64   `parquet:"inside,dict"`
	Mean     *float64  `parquet:"mean,optional"` // null where count is 0
	Std      *float64  `parquet:"std,optional"`
	Min      *float64  `parquet:"min,optional,dict"`
	P25      *float64  `parquet:"p25,optional,dict"`
	Median   *float64  `parquet:"median,optional,dict"`
	P75      *float64  `parquet:"p75,optional,dict"`
	Max      *float64  `parquet:"max,optional,dict"`
	Doubtful float64   `parquet:"doubtful"`   // share of count that is doubtful (SCL 2, 7)
	Orbit    string    `parquet:"orbit,dict"` // of radar: direction and track
}

// Plot is a row of plots.parquet: one per parcel of a plot. A parcel that no
// known grower farms stands alone with plot_id = parcel_id and no grower.
type Plot struct {
	PlotID   string  `parquet:"plot_id,dict"`
	ParcelID string  `parquet:"parcel_id"`
	GrowerID string  `parquet:"grower_id,dict"`
	AreaM2   float64 `parquet:"area_m2"`      // of the parcel, on the ellipsoid
	Assumed  string  `parquet:"assumed,dict"` // of its coordinates, joined by ;
}

// SeriesRow is a row of series.parquet: one plot × one dekad.
type SeriesRow struct {
	ParcelID     string   `parquet:"parcel_id,dict"`
	Date         string   `parquet:"date,dict"`     // first day of the dekad, 2006-01-02
	Usable       float64  `parquet:"usable"`        // share of the plot seen clear
	UsableVote   float64  `parquet:"usable_vote"`   // the same after all witnesses have voted
	LeftOut      string   `parquet:"left_out,dict"` // days that SCL calls clear and the vote leaves out, with its voices; joined by ;
	Weight       float64  `parquet:"weight"`        // 0 = filled
	NDVI         *float64 `parquet:"ndvi,optional"`
	EVI2         *float64 `parquet:"evi2,optional"`
	LAI          *float64 `parquet:"lai,optional"`
	FAPAR        *float64 `parquet:"fapar,optional"`
	FCOVER       *float64 `parquet:"fcover,optional"`
	LAIOfMean    *float64 `parquet:"lai_of_mean,optional"`
	NDVISigma    *float64 `parquet:"ndvi_sigma,optional"` // standard deviations
	LAISigma     *float64 `parquet:"lai_sigma,optional"`
	FAPARSigma   *float64 `parquet:"fapar_sigma,optional"`
	FCOVERSigma  *float64 `parquet:"fcover_sigma,optional"`
	OutOfDomain  *float64 `parquet:"out_of_domain,optional"` // share of the plot's pixels unlike those the growth networks know
	GrowthNote   string   `parquet:"growth_note,dict"`       // why a dekad seen clear gave no growth
	InsidePixels float64  `parquet:"inside_pixels"`          // most 10 m pixels wholly within seen clear in any scene
	ClearDates   int32    `parquet:"clear_dates"`            // scenes with enough of the plot seen clear
	VV           *float64 `parquet:"vv,optional"`            // Sentinel-1, dB
	VH           *float64 `parquet:"vh,optional"`
	RadarDates   int32    `parquet:"radar_dates"`      // days of acquisition in the dekad, all of one orbit
	RadarOrbit   string   `parquet:"radar_orbit,dict"` // direction and track
	// How sure the cycle is whose peak lies in this dekad, days and share of drawn curves.
	EmergenceWithin *float64 `parquet:"emergence_within_days,optional"`
	PeakWithin      *float64 `parquet:"peak_within_days,optional"`
	HarvestWithin   *float64 `parquet:"harvest_within_days,optional"`
	CycleFound      *float64 `parquet:"cycle_found,optional"`
	B02             *float64 `parquet:"b02,optional"` // observed composites, null = not observed
	B03             *float64 `parquet:"b03,optional"`
	B04             *float64 `parquet:"b04,optional"`
	B05             *float64 `parquet:"b05,optional"`
	B06             *float64 `parquet:"b06,optional"`
	B07             *float64 `parquet:"b07,optional"`
	B08             *float64 `parquet:"b08,optional"`
	B8A             *float64 `parquet:"b8a,optional"`
	B11             *float64 `parquet:"b11,optional"`
	B12             *float64 `parquet:"b12,optional"`
}

// Cycle is a row of cycles.parquet. A plot with no cycle seen, or not
// assessable at all, has one row with cycle 0 and its reason.
type Cycle struct {
	ParcelID        string   `parquet:"parcel_id"`
	Cycle           int32    `parquet:"cycle"`
	Emergence       string   `parquet:"emergence"` // 2006-01-02, empty = not known
	Peak            string   `parquet:"peak"`
	HarvestP25      string   `parquet:"harvest_p25"`
	HarvestP50      string   `parquet:"harvest_p50"`
	HarvestP75      string   `parquet:"harvest_p75"`
	EmergenceWithin *float64 `parquet:"emergence_within_days,optional"` // ± days that hold 68 % of what the looks leave open
	PeakWithin      *float64 `parquet:"peak_within_days,optional"`
	HarvestWithin   *float64 `parquet:"harvest_within_days,optional"`
	CycleFound      *float64 `parquet:"cycle_found,optional"` // share of these curves that have the cycle
	Crop            string   `parquet:"crop,dict"`            // what imagery says, never the declaration
	CropProbability *float64 `parquet:"crop_probability,optional"`
	CropDeclared    string   `parquet:"crop_declared,dict"` // several joined by +
	CropModel       string   `parquet:"crop_model,dict"`    // name and version of the model that judged
	InService       bool     `parquet:"in_service"`
	GrowthGrade     *int32   `parquet:"growth_grade,optional"` // 1–5
	FAPARIntegral   *float64 `parquet:"fapar_days,optional"`   // integrated FAPAR from emergence to date, days
	LAIPeak         *float64 `parquet:"lai_peak,optional"`
	FAPARRise       *float64 `parquet:"fapar_rise,optional"` // greatest FAPAR to date less that at emergence
	YieldP10        *float64 `parquet:"yield_p10_kg_mu,optional"`
	YieldP25        *float64 `parquet:"yield_p25_kg_mu,optional"`
	YieldP50        *float64 `parquet:"yield_p50_kg_mu,optional"`
	YieldP90        *float64 `parquet:"yield_p90_kg_mu,optional"`
	YieldBasis      string   `parquet:"yield_basis,dict"`
	YieldCrop       string   `parquet:"yield_crop,dict"` // the crop the yield is of
	Complete        bool     `parquet:"complete"`
	Perennial       bool     `parquet:"perennial"`
	Current         bool     `parquet:"current"` // as-of falls in it
	Assessable      bool     `parquet:"assessable"`
	Reason          string   `parquet:"reason,dict"`
	InsidePixels    float64  `parquet:"inside_pixels"`
	ClearDates      int32    `parquet:"clear_dates"`
	RadarDates      int32    `parquet:"radar_dates"`      // days of radar, all of one orbit
	SeenShare       float64  `parquet:"seen_share"`       // share of the season's dekads with a clear look
	LastClear       string   `parquet:"last_clear,dict"`  // first day of the newest dekad with a clear look
	ClearLooks      string   `parquet:"clear_looks,dict"` // first days of all dekads with a clear look, joined by ;
	Unread          string   `parquet:"unread,dict"`      // scenes and bands of the plot that could not be read, joined by ;
	GreenShare      float64  `parquet:"green_share"`      // share of the ten-day steps seen in which the land was green
	BrightCover     bool     `parquet:"bright_cover"`     // bright and bare on most dates: film, greenhouse, roof
}

// Decision is a row of decisions.parquet, .csv and .xlsx.
type Decision struct {
	DecisionID   string  `parquet:"decision_id" json:"decision_id"`
	GrowerID     string  `parquet:"grower_id" json:"grower_id"`
	County       string  `parquet:"county,dict" json:"county"`
	Season       string  `parquet:"season,dict" json:"season"`
	AsOf         string  `parquet:"as_of,dict" json:"as_of"`
	Outcome      string  `parquet:"outcome,dict" json:"outcome"`
	LimitFen     int64   `parquet:"limit_fen" json:"limit_fen"`
	Binding      string  `parquet:"binding,dict" json:"binding"`
	TenorEnd     string  `parquet:"tenor_end" json:"tenor_end"`
	RateBP       int32   `parquet:"rate_bp" json:"rate_bp"`
	Reasons      string  `parquet:"reasons" json:"reasons"` // codes joined by ;
	RestsOn      string  `parquet:"rests_on,dict" json:"rests_on"`
	AreaMu       float64 `parquet:"area_mu" json:"area_mu"`
	Plots        string  `parquet:"plots" json:"plots"` // joined by ;
	CreditPolicy string  `parquet:"credit_policy,dict" json:"credit_policy"`
	Models       string  `parquet:"models,dict" json:"models"` // name@version joined by ;
	Trace        string  `parquet:"trace" json:"trace"`        // JSON: constraints and rules with their values
	Evidence     string  `parquet:"evidence_sha256" json:"evidence_sha256"`
}

// Area is a row of areas.parquet: what each witness says of the area of a plot,
// or of all land of a grower (plot_id empty). Null = the witness says nothing.
type Area struct {
	GrowerID  string   `parquet:"grower_id,dict"`
	PlotID    string   `parquet:"plot_id"`
	Parcels   int32    `parquet:"parcels"`
	Contract  *float64 `parquet:"contract_mu,optional"`
	Leased    *float64 `parquet:"leased_mu,optional"`
	Surveyed  *float64 `parquet:"surveyed_mu,optional"`
	Claimed   *float64 `parquet:"claimed_mu,optional"`
	Drawn     *float64 `parquet:"drawn_mu,optional"`
	Polygon   *float64 `parquet:"polygon_mu,optional"`
	SeenLow   *float64 `parquet:"seen_low_mu,optional"`
	SeenHigh  *float64 `parquet:"seen_high_mu,optional"`
	Counts    *float64 `parquet:"counts_mu,optional"`
	CountedBy string   `parquet:"counted_by,dict"` // joined by ;
}

// Spell is a row of tenure.parquet: days of the season over which one grower
// farms a parcel by one chain of records. No grower = nobody is known.
type Spell struct {
	ParcelID string `parquet:"parcel_id"`
	From     string `parquet:"from,dict"`
	To       string `parquet:"to,dict"` // last day
	GrowerID string `parquet:"grower_id,dict"`
	OwnerID  string `parquet:"owner_id,dict"` // who holds it by contract
	Leased   bool   `parquet:"leased"`
	Chain    string `parquet:"chain,dict"`    // contract, then transfers, joined by ;
	Conflict string `parquet:"conflict,dict"` // two chains claim it: how that was settled
}

// Agreement is a row of agreement.parquet: one subject of a plot on which at
// least two kinds of witnesses speak.
type Agreement struct {
	GrowerID   string `parquet:"grower_id,dict"`
	PlotID     string `parquet:"plot_id"`
	Subject    string `parquet:"subject,dict"` // crop, area
	Self       string `parquet:"self,dict"`
	Government string `parquet:"government,dict"`
	Partner    string `parquet:"partner,dict"`
	Satellite  string `parquet:"satellite,dict"`
	Agree      string `parquet:"agree,dict"` // pairs joined by ;
	Differ     string `parquet:"differ,dict"`
}

// Past is a row of past.parquet: what an earlier season saw on a plot's land, by
// the folders of history that the county names.
type Past struct {
	PlotID string  `parquet:"plot_id"`
	Season string  `parquet:"season,dict"`
	Crops  string  `parquet:"crops,dict"`  // in the order of harvest, joined by ;
	Yields string  `parquet:"yields,dict"` // P50 of each, kg/mu, joined by ;
	Share  float64 `parquet:"share"`       // of the plot's area that the season covers
}

// Finding is a row of findings.csv.
type Finding struct {
	GrowerID, ParcelID, Code, Severity, Detail, DetailZH, Numbers, Witnesses string
}

// SeenScene is an optical scene of the run, in scenes.json: where its bands lie,
// its settled offset, and the share of the run's land that it saw clear.
type SeenScene struct {
	Clear float64      `json:"clear"` // 0–1, of all land, by area
	Scene raster.Scene `json:"scene"`
}

// Info is run.json.
type Info struct {
	Code     string             `json:"code"` // version of the program
	County   string             `json:"county"`
	Name     string             `json:"name"`
	Season   string             `json:"season"`
	From     string             `json:"season_start"`
	To       string             `json:"season_end"`
	AsOf     string             `json:"as_of"`
	Inputs   []Input            `json:"inputs"`
	Models   []Model            `json:"models"`
	Runtime  string             `json:"runtime"`
	Counts   map[string]int     `json:"counts"`
	Warnings []Warning          `json:"warnings"`
	Seconds  map[string]float64 `json:"seconds"`          // per stage; the only part that may differ between equal runs
	Places   map[string]string  `json:"places,omitempty"` // names of towns (9 digits) and villages (12) by code
	Sample   bool               `json:"sample,omitempty"` // made by `parus sample`, not from real imagery
}

// Input is one thing the run read.
type Input struct {
	Kind     string `json:"kind"` // parcels, feed:transfers, scene, weather, credit_policy, history
	Path     string `json:"path"`
	Size     int64  `json:"size"`
	SHA256   string `json:"sha256,omitempty"`
	ETag     string `json:"etag,omitempty"`     // imagery
	Checksum string `json:"checksum,omitempty"` // imagery
	Note     string `json:"note,omitempty"`     // settled offset and its reason
}

// Model is one model the run used.
type Model struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
}

// Warning is one named warning.
type Warning struct {
	Stage   string `json:"stage"`
	Code    string `json:"code"`
	Subject string `json:"subject"`
	Detail  string `json:"detail"`
}
