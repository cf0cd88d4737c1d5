// Package scoring answers the two questions: may we lend, and how much. It
// cross-checks records against each other and against what imagery shows,
// sizes a limit by a credit policy, and decides, with every reason shown.
//
// Pure functions of their arguments: no clock, no files, no floats after the
// limit is computed. The same function decides one grower and a county.
package scoring

import "github.com/parus-lending/parus/parcels"

// SeenCycle is one cycle as imagery and models see it, numbers hardened.
type SeenCycle struct {
	Number      int    `json:"number"`
	Emergence   Date   `json:"emergence"`
	Peak        Date   `json:"peak"`
	HarvestP25  Date   `json:"harvest_p25"`
	HarvestP50  Date   `json:"harvest_p50"`
	HarvestP75  Date   `json:"harvest_p75"`
	Complete    bool   `json:"complete"`
	Crop        string `json:"crop"`
	Model       string `json:"model,omitempty"` // name of the model that named the crop
	Probability Prob   `json:"probability"`
	InService   bool   `json:"in_service"` // false = experimental class: shown, never raises a limit
	Assessable  bool   `json:"assessable"` // of the crop
	Reason      string `json:"reason,omitempty"`
	GrowthGrade int    `json:"growth_grade"`         // 0 = not given
	FAPARRise   Prob   `json:"fapar_rise,omitempty"` // since emergence; 0 = not known
	YieldP10    Yield  `json:"yield_p10"`
	YieldP25    Yield  `json:"yield_p25"`
	YieldP50    Yield  `json:"yield_p50"`
	YieldP90    Yield  `json:"yield_p90"`
	YieldBasis  string `json:"yield_basis"`
	Current     bool   `json:"current"` // as-of falls in it
}

// PastSeason is what an earlier run saw on (most of) the same land.
type PastSeason struct {
	Season string   `json:"season"`
	Crops  []string `json:"crops"` // assessable crops seen, in order of harvest
	Yields []Yield  `json:"yields"`
	Share  Prob     `json:"share"` // share of the plot's area that the past season covers
}

// SeenPlot is one plot with what imagery says of it.
type SeenPlot struct {
	PlotID       string       `json:"plot_id"`
	GrowerID     string       `json:"grower_id"`
	ParcelIDs    []string     `json:"parcel_ids"`
	Area         Area         `json:"area"`
	InsidePixels int          `json:"inside_pixels"` // 10 m pixels wholly within
	ClearDates   int          `json:"clear_dates"`
	LastClear    Date         `json:"last_clear"`             // newest clear look; zero = not told
	Looks        []Date       `json:"looks,omitempty"`        // days of clear looks; nil = not told
	Assessable   bool         `json:"assessable"`             // enough inside pixels and clear dates
	Reason       string       `json:"reason,omitempty"`       // too_few_pixels, too_few_dates …
	BrightCover  bool         `json:"bright_cover,omitempty"` // bright, bare of vegetation and steady: plastic greenhouse, roof
	Vegetated    bool         `json:"vegetated"`              // a cycle (or perennial green) was seen so far
	Green        Prob         `json:"green,omitempty"`        // share of the looks on which the land was green
	SeasonShare  Prob         `json:"season_share"`           // how much of the season had passed with clear looks, 0–1
	Cycles       []SeenCycle  `json:"cycles"`
	Past         []PastSeason `json:"past"`
	Warnings     []string     `json:"warnings,omitempty"` // unreadable imagery etc.
}

// CountyEvidence is all there is to judge a county's season on the as-of day.
// (One grower alone is the same with fewer plots; checks across growers see
// the records that are given.)
type CountyEvidence struct {
	County     string                    `json:"county"`
	SeasonID   string                    `json:"season"`
	SeasonFrom Date                      `json:"season_from"`
	SeasonTo   Date                      `json:"season_to"`
	AsOf       Date                      `json:"as_of"`
	Parcels    map[string]parcels.Parcel `json:"parcels"`  // by parcel ID
	Farmers    map[string]parcels.Farmer `json:"farmers"`  // who farms what on as-of, by parcel ID
	Overlaps   []Overlap                 `json:"overlaps"` // registry polygons that overlap
	Plots      []SeenPlot                `json:"plots"`
	Claims     []ClaimOnLand             `json:"claims,omitempty"`         // of the season, as they lie on the registry
	ClaimPairs []ClaimPair               `json:"claim_overlaps,omitempty"` // land that two growers claim
	Homes      []Home                    `json:"homes,omitempty"`          // one a grower whose home and land have a place
	Records    Records                   `json:"records"`
	Models     map[string]string         `json:"models"` // model name → version or sha256, for the decision
}

// Overlap is a pair of registry parcels that share land.
type Overlap struct {
	A    string `json:"a"`
	B    string `json:"b"`
	Area Area   `json:"area"`
}

// ClaimOnLand is how a grower's claim lies on the registry's parcels: the part
// that he farms himself, the part that others farm; the rest lies outside or on
// parcels that nobody is known to farm.
type ClaimOnLand struct {
	ClaimID  string   `json:"claim_id"`
	GrowerID string   `json:"grower_id"`
	Source   string   `json:"source"`
	Method   string   `json:"method"`
	Area     Area     `json:"area"`
	Own      Area     `json:"own"`
	Others   Area     `json:"others"`
	Parcels  []string `json:"parcels"` // on which it lies, sorted
}

// ClaimPair is land that two growers both claim.
type ClaimPair struct {
	ClaimA  string `json:"claim_a"`
	ClaimB  string `json:"claim_b"`
	GrowerA string `json:"grower_a"`
	GrowerB string `json:"grower_b"`
	SourceA string `json:"source_a"`
	SourceB string `json:"source_b"`
	AreaA   Area   `json:"area_a"`
	AreaB   Area   `json:"area_b"`
	Area    Area   `json:"area"` // shared
}

// Home is how far a grower's home village lies from the farthest parcel that he
// farms.
type Home struct {
	GrowerID string `json:"grower_id"`
	Village  string `json:"village"` // county 6, town 3, village 3 digits
	ParcelID string `json:"parcel_id"`
	Metres   int64  `json:"metres"`
}

// Finding is the result of one cross-check.
type Finding struct {
	GrowerID  string   `json:"grower_id"`
	ParcelID  string   `json:"parcel_id"` // parcel, or plot where the plot was judged; empty = the grower
	Code      string   `json:"code"`
	Severity  string   `json:"severity"` // info, warn, refer, decline
	Detail    string   `json:"detail"`   // one plain sentence, English
	DetailZH  string   `json:"detail_zh"`
	Numbers   Numbers  `json:"numbers"`   // what it rests on, formatted with units
	Witnesses []string `json:"witnesses"` // records and imagery: "policies.csv:12", "imagery:S2 2024-07-11"
}

// Reason is one of up to four reasons of a decision.
type Reason struct {
	Code string `json:"code"`
	EN   string `json:"en"`
	ZH   string `json:"zh"`
}

// Constraint is one bound on a limit, with the numbers behind it.
type Constraint struct {
	Name    string  `json:"name"` // need, capacity, insured, cap, quota
	Applies bool    `json:"applies"`
	Gross   Fen     `json:"gross"`
	Used    Fen     `json:"used"`
	Net     Fen     `json:"net"`
	Numbers Numbers `json:"numbers"`
}

// Decision is immutable and replayable.
type Decision struct {
	ID           string            `json:"decision_id"` // hash of everything it rests on
	GrowerID     string            `json:"grower_id"`
	County       string            `json:"county"`
	Season       string            `json:"season"`
	AsOf         Date              `json:"as_of"`
	Outcome      string            `json:"outcome"` // admit, refer, decline, not_assessable
	Limit        Fen               `json:"limit_fen"`
	Binding      string            `json:"binding"` // name of the binding constraint
	TenorEnd     Date              `json:"tenor_end"`
	RateBP       int               `json:"rate_bp"`  // yearly rate, 1/100 %
	Reasons      []Reason          `json:"reasons"`  // ≤ 4
	RestsOn      string            `json:"rests_on"` // declaration | declaration and history | imagery
	Constraints  []Constraint      `json:"constraints"`
	Plots        []string          `json:"plots"`
	Area         Area              `json:"area"`          // that counted
	CreditPolicy string            `json:"credit_policy"` // id, version, sha256
	Models       map[string]string `json:"models"`
	Evidence     string            `json:"evidence_sha256"`      // of the grower's part of the evidence
	Raises       []Raise           `json:"raises,omitempty"`     // what would raise the limit
	Schedule     []Payment         `json:"schedule,omitempty"`   // if the limit is drawn in full today
	Tranches     []Tranche         `json:"tranches,omitempty"`   // where the product releases the loan stage by stage
	Levels       []Level           `json:"levels,omitempty"`     // water levels of cap and quota
	Risk         *Risk             `json:"risk,omitempty"`       // where the credit policy has a calibrated card
	Extensions   []Extension       `json:"extensions,omitempty"` // relief after a proven disaster
	Trace        []string          `json:"trace"`                // rules with their values, in the order they ran
}
