// Package parcels knows land and time on it: polygons and their codes, area,
// overlap, who farms what on a day, plots, and how observations become a
// regular series and crop cycles.
//
// It does not know pixels beyond raster.Observation, nor crops' names, nor
// money. Example: Farmers(tenure, asOf) then GroupPlots(parcels, farmers).
package parcels

import "github.com/paulmach/orb"

// SquareMetresPerMu is exact: 1 mu = 2000/3 m².
const SquareMetresPerMu = 2000.0 / 3.0

// Parcel is a piece of land in the registry. Its key is (County, ID).
type Parcel struct {
	County     string           `json:"county"` // GB/T 2260, six digits
	ID         string           `json:"id"`     // DKBM, 19 characters in a registry; anything elsewhere
	Name       string           `json:"name,omitempty"`
	Polygon    orb.MultiPolygon `json:"polygon"`               // lon, lat (WGS 84 taken as CGCS2000)
	SourceCRS  string           `json:"source_crs"`            // as found: "EPSG:32631"
	SourceEPSG int              `json:"source_epsg,omitempty"` // 0 where the CRS has no code
	Source     orb.MultiPolygon `json:"source,omitempty"`      // coordinates as given, x = easting or longitude
	Method     string           `json:"method,omitempty"`      // fiboa determination_method: surveyed, driven, auto-imagery …
	AreaM2     float64          `json:"area_m2"`               // on the ellipsoid
	SurveyedM2 float64          `json:"surveyed_m2,omitempty"` // SCMJ; 0 = not given
	Use        string           `json:"use,omitempty"`         // TDLYLX: 011 paddy, 012 irrigated, 013 dry
	Basic      bool             `json:"basic,omitempty"`       // SFJBNT = 1: permanent basic farmland
	Notes      []string         `json:"notes,omitempty"`       // what was assumed or repaired
	Assumed    []string         `json:"assumed,omitempty"`     // of its coordinates: datum, zone, axis order, GCJ-02
}

// Plot is adjacent parcels worked by one grower in one season, dissolved.
type Plot struct {
	ID        string           `json:"id"` // stable hash of its sorted parcel IDs and grower
	GrowerID  string           `json:"grower_id"`
	ParcelIDs []string         `json:"parcel_ids"` // sorted
	Polygon   orb.MultiPolygon `json:"polygon"`    // in EPSG (metres)
	EPSG      int              `json:"epsg"`       // UTM zone of the home tile
	Point     orb.Point        `json:"point"`      // representative point, inside, in EPSG
	AreaM2    float64          `json:"area_m2"`    // sum of its parcels' ellipsoidal areas
}

// Provenance says where a record comes from and from when to when it is true.
type Provenance struct {
	Source     string `json:"source"`    // file and row: "transfers.csv:17"
	Authority  string `json:"authority"` // who vouches: land_registry, insurer, agriculture_bureau, lender, grower …
	LegalBasis string `json:"legal_basis,omitempty"`
	ValidFrom  Date   `json:"valid_from"`         // zero = always
	ValidTo    Date   `json:"valid_to"`           // zero = open; the last valid day, inclusive
	Received   Date   `json:"received"`           // a record received after as-of does not exist
	Checksum   string `json:"checksum,omitempty"` // first 16 characters of the SHA-256 of the row's content
}

// KnownOn reports whether the record had been received by the as-of day.
func (p Provenance) KnownOn(asOf Date) bool { return p.Received.IsZero() || !p.Received.After(asOf) }

// ValidOn reports whether the record is true of the day.
func (p Provenance) ValidOn(d Date) bool {
	return (p.ValidFrom.IsZero() || !d.Before(p.ValidFrom)) && (p.ValidTo.IsZero() || !d.After(p.ValidTo))
}

// Contract (承包合同, CBHT + CBDKXX) gives a parcel to its original contractor.
type Contract struct {
	Provenance
	ContractID string  `json:"contract_id"` // CBHTBM
	ParcelID   string  `json:"parcel_id"`   // DKBM
	GrowerID   string  `json:"grower_id"`   // the contractor (CBFBM resolved to a person)
	AreaM2     float64 `json:"area_m2"`     // HTMJ
	// A paper contract may name only household, village, crop and area: then
	// ParcelID is empty and the witness is "area only".
	Village string `json:"village,omitempty"`
	Crop    string `json:"crop,omitempty"`
}

// Transfer (流转合同, LZHT) gives the use of a parcel to another grower. A
// sub-lease is a transfer whose From is the To of another.
type Transfer struct {
	Provenance
	TransferID string  `json:"transfer_id"` // LZHTBM
	ContractID string  `json:"contract_id,omitempty"`
	ParcelID   string  `json:"parcel_id"`
	From       string  `json:"from"` // grower who gives (CBFBM)
	To         string  `json:"to"`   // grower who takes (SRFBM)
	Mode       string  `json:"mode"` // LZFS
	AreaM2     float64 `json:"area_m2"`
	Signed     Date    `json:"signed"`
	Village    string  `json:"village,omitempty"` // area only, as in Contract
	Crop       string  `json:"crop,omitempty"`
	// Rent of the land per mu and year in fen (LZJGSM, where it is a number).
	RentFenPerMu int64 `json:"rent_fen_per_mu,omitempty"`
}

// Claim is a polygon that a grower drew or walked.
type Claim struct {
	Provenance
	ClaimID  string           `json:"claim_id"`
	GrowerID string           `json:"grower_id"`
	ParcelID string           `json:"parcel_id,omitempty"` // where the grower names one
	Season   string           `json:"season,omitempty"`
	Crop     string           `json:"crop,omitempty"`
	Polygon  orb.MultiPolygon `json:"polygon"` // lon, lat (WGS 84 taken as CGCS2000)
	Method   string           `json:"method"`  // drawn, walked, surveyed, unknown
	Taken    Date             `json:"taken"`   // when it was drawn or walked
	AreaM2   float64          `json:"area_m2"` // of Polygon on the ellipsoid
	StatedM2 float64          `json:"stated_m2,omitempty"`
	// SourceCRS is what the coordinates came in: "EPSG:4326", "GCJ-02" …
	SourceCRS string   `json:"source_crs"`
	Assumed   []string `json:"assumed,omitempty"` // what was assumed or repaired
}

// Farmer says who farms a parcel on a day and by which chain of records.
type Farmer struct {
	ParcelID string   `json:"parcel_id"`
	GrowerID string   `json:"grower_id"` // empty = nobody known
	OwnerID  string   `json:"owner_id"`  // original contractor
	Leased   bool     `json:"leased"`
	Until    Date     `json:"until"`              // last day the chain holds (earliest end in it); zero = open
	Chain    []string `json:"chain"`              // contract ID, then transfer IDs
	Conflict string   `json:"conflict,omitempty"` // two chains claim the parcel on the day: how it was settled
}

// Dekad is a ten-day step: 1–10, 11–20, 21–end of each month; 36 a year.
type Dekad struct {
	Year  int
	Index int // 0–35
}

// Series is the season of one plot or parcel on the dekad axis. All slices have
// the length of Dekads; a value with Weight 0 was filled.
type Series struct {
	ParcelID   string
	Dekads     []Dekad
	Usable     []float64   // share of the plot seen clear, best scene of the dekad, 0–1
	UsableVote []float64   // the same after all witnesses have voted, 0–1 (Vote.Usable)
	LeftOut    [][]Vote    // [dekad] scenes that SCL calls clear and the vote leaves out
	Weight     []float64   // 0 = filled, 1 = fully observed
	Bands      [][]float64 // [dekad][raster.OpticalBands] median composite of observed means; NaN = not observed
	NDVI       []float64   // gap-filled and smoothed
	EVI2       []float64
	LAI        []float64 // NaN throughout where growth was not possible
	FAPAR      []float64
	FCOVER     []float64
	// Standard deviation of the curves: how far the smooth curve may lie off for
	// want of looks and for their scatter; of growth with the spread between pixels.
	// What the growth networks themselves are off by is not in it.
	NDVISigma, LAISigma, FAPARSigma, FCOVERSigma []float64

	LAIOfMean    []float64 // LAI of the plot's mean spectrum; its gap to LAI measures mixing
	OutOfDomain  []float64 // share of the plot's pixels unlike those the growth networks know; NaN = not observed
	GrowthNote   []string  // why a dekad seen clear gave no growth: NoteOutOfDomain, else ""
	Radar        Radar     // Sentinel-1, in one orbit; empty where none
	Sure         Spreads   // how sure the days of the cycles are (DrawSpreads)
	InsidePixels float64   // most 10 m pixels wholly within seen in any scene
	ClearDates   int       // scenes with enough usable coverage

	looks []sample // NDVI on its own days, counted from the axis' start; nil where read from a file
}

// Cycle is one crop on one plot from emergence to harvest, as seen so far.
type Cycle struct {
	ParcelID    string
	Number      int // 1-based within the season
	Emergence   Date
	Peak        Date
	HarvestP25  Date // zero while it cannot be said
	HarvestP50  Date
	HarvestP75  Date
	Complete    bool // harvest lies before as-of and was seen
	Perennial   bool
	First, Last int // indices into the Series axis (inclusive)
}
