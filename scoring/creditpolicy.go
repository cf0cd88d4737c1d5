package scoring

// CreditPolicy holds the rules of a county and season: what an officer may
// change without a programmer. Amounts are yuan, shares percent and yields
// kg/mu in the file, and scaled integers here.
type CreditPolicy struct {
	ID             string               `toml:"id"`
	Version        string               `toml:"version"`
	EffectiveFrom  Date                 `toml:"effective_from"` // empty = always
	EffectiveTo    Date                 `toml:"effective_to"`   // empty = open
	Lender         string               `toml:"lender"`         // our name in the debts feed; empty = every debt uses the cap
	DefaultProduct string               `toml:"default_product"`
	Feeds          FeedRules            `toml:"feeds"`
	Imagery        ImageryRules         `toml:"imagery"`
	Area           AreaRules            `toml:"area"`
	Yields         YieldRules           `toml:"yields"`
	Costs          CostRules            `toml:"costs"`
	Quota          Quota                `toml:"quota"`
	Products       map[string]Product   `toml:"products"`
	Thresholds     Thresholds           `toml:"thresholds"`
	Checks         map[string]CheckRule `toml:"checks"`
	Scorecard      Scorecard            `toml:"scorecard"`
	Crops          map[string]Crop      `toml:"crops"`

	// ThinFile is the scorecard of growers without any loan on record; without
	// items they are scored as everybody.
	ThinFile *Scorecard `toml:"thin_file" parus:"optional"`
	Loss     *Loss      `toml:"loss" parus:"optional"`
	Relief   *Relief    `toml:"relief" parus:"optional"`

	// Author wrote the file; ApprovedBy, a second person, released it.
	Author     string              `toml:"author" parus:"optional"`
	ApprovedBy string              `toml:"approved_by" parus:"optional"`
	ApprovedOn Date                `toml:"approved_on" parus:"optional"`
	Scope      Scope               `toml:"scope" parus:"optional"` // whom the file is for
	Industries map[string]Industry `toml:"industries" parus:"optional"`
	Overrides  []Override          `toml:"override" parus:"optional"`

	SHA256 string `toml:"-"` // of the file

	variants      map[uint32]*CreditPolicy // by the overrides that hold
	laid          []string                 // overrides laid over this variant
	industryNames []string
}

// Ref names the credit policy in a decision: id, version, fingerprint.
func (cp *CreditPolicy) Ref() string { return cp.ID + " " + cp.Version + " sha256:" + cp.SHA256 }

// FeedRules: without a required feed a person decides; a wanted one is noted.
type FeedRules struct {
	Required []string `toml:"required"`
	Wanted   []string `toml:"wanted"`
	Optional []string `toml:"optional"`
}

// ImageryRules say when imagery may be believed.
type ImageryRules struct {
	MinInsidePixels int      `toml:"min_inside_pixels"`
	MinClearDates   int      `toml:"min_clear_dates"`
	MinProbability  Prob     `toml:"min_probability_percent"`                // for a crop to count towards a limit
	PlantingRise    Prob     `toml:"planting_rise_percent" parus:"optional"` // of FAPAR, from which planting is seen; 0 = any cycle will do
	Recognizable    []string `toml:"recognizable"`                           // crops the models know; others are never contradicted
}

// AreaRules name the witnesses whose smallest area counts: contract, transfer,
// surveyed, claimed, seen.
type AreaRules struct {
	Witnesses []string `toml:"witnesses"`
}

// YieldRules say what stands for the yield while imagery cannot.
type YieldRules struct {
	MinStatisticYears int  `toml:"min_statistic_years"`
	P25OfMean         Prob `toml:"p25_of_mean_percent"` // where years are too few for a quantile
	LandRatioMin      Prob `toml:"land_ratio_min_percent"`
	LandRatioMax      Prob `toml:"land_ratio_max_percent"`
	MinHistoryShare   Prob `toml:"min_history_share_percent"`
}

// CostRules say how a cost survey becomes a cash cost.
type CostRules struct {
	CashShareUnsplit Prob `toml:"cash_share_unsplit_percent"`   // of Total where labour and land are not split
	MarketDays       int  `toml:"market_days" parus:"optional"` // how long a farm-gate quote counts; 0 = the prices feed lowers nothing
}

// Quota is what county or partners still allow to be lent to one grower.
type Quota struct {
	Applies bool `toml:"applies"`
	Total   Fen  `toml:"total_yuan"`
	Used    Fen  `toml:"used_yuan"`
	Alert   Prob `toml:"alert_percent" parus:"optional"` // water level from which the quota is called nearly full; 0 = never
}

// Product is one loan product.
type Product struct {
	NameEN         string `toml:"name_en"`
	NameZH         string `toml:"name_zh"`
	Cap            Fen    `toml:"cap_yuan"`
	Minimum        Fen    `toml:"minimum_yuan"`
	Rate           Prob   `toml:"rate_percent"` // a year
	MaxTenorDays   int    `toml:"max_tenor_days"`
	SellingLagDays int    `toml:"selling_lag_days"`
	FinancedShare  Prob   `toml:"financed_share_percent"`
	Haircut        Prob   `toml:"haircut_percent"` // share of the price that is counted
	RepaymentShare Prob   `toml:"repayment_share_percent"`
	InsuredApplies bool   `toml:"insured_applies"`
	PledgeRatio    Prob   `toml:"pledge_ratio_percent"`
	Schedule       string `toml:"schedule" parus:"optional"`      // bullet (default), moratorium, tranches
	InterestDays   int    `toml:"interest_days" parus:"optional"` // moratorium: interest is paid every so many days
	Alert          Prob   `toml:"alert_percent" parus:"optional"` // water level from which the cap is called nearly full
	RaiseShare     Prob   `toml:"temporary_raise_percent" parus:"optional"`
}

// Crop holds a crop's calendar and the numbers used where no feed gives them.
type Crop struct {
	Group      string   `toml:"group"`     // crops of one group may be taken for each other from space; "" = none
	NonGrain   bool     `toml:"non_grain"` // not allowed on permanent basic farmland
	Planting   MonthDay `toml:"planting"`
	Visible    MonthDay `toml:"visible"` // by this day a normal canopy has been seen
	HarvestP75 MonthDay `toml:"harvest_p75"`
	UnitCost   Fen      `toml:"unit_cost_yuan_mu"` // cash, without rent
	Rent       Fen      `toml:"rent_yuan_mu"`
	Price      Fen      `toml:"price_yuan_50kg"`
	YieldP25   Yield    `toml:"yield_p25_kg_mu"`
	Year       int      `toml:"year"`
	Source     string   `toml:"source"` // "assumption: …" where no survey stands behind it
	Stages     []Stage  `toml:"stages"`
}

// Stage is a part of the season's cash cost, spent until a day.
type Stage struct {
	Name  string   `toml:"name"`
	Until MonthDay `toml:"until"`
	Share Prob     `toml:"share_percent"`
}

// CheckRule says what a cross-check leads to: off, info, warn, refer, decline.
type CheckRule struct {
	Severity string `toml:"severity"`
}

// Thresholds of the cross-checks.
type Thresholds struct {
	InsuredOverLand    Prob     `toml:"insured_over_land_percent"`
	InsuredOverSeen    Prob     `toml:"insured_over_seen_percent"`
	ContractArea       Prob     `toml:"contract_area_percent"`
	Overlap            Prob     `toml:"overlap_percent"`
	UndeclaredDebt     Prob     `toml:"undeclared_debt_percent"`
	UndeclaredDebtMin  Fen      `toml:"undeclared_debt_yuan"`
	OverdueDays        int      `toml:"overdue_days"`
	OverdueDeclineDays int      `toml:"overdue_decline_days"`
	LeasedOutShare     Prob     `toml:"leased_out_share_percent"` // of the crop's days that the lease covers
	LeasedOutClaims    []string `toml:"leased_out_claims"`
	CropProbability    Prob     `toml:"crop_probability_percent"`
	// CropProbabilityBy takes the place of CropProbability for crops that these models named.
	CropProbabilityBy map[string]Prob `toml:"crop_probability_by_model_percent" parus:"optional"`
	CropWindowDays    int             `toml:"crop_window_days"`
	CropPastPeakDays  int             `toml:"crop_past_peak_days"`    // a standing crop contradicts only this long after its peak
	DeclaredShare     Prob            `toml:"declared_share_percent"` // of a plot that must be declared before imagery may contradict
	FallowClearDates  int             `toml:"fallow_clear_dates"`
	HistorySeasons    int             `toml:"history_seasons"`
	ClaimOff          Prob            `toml:"claim_off_registry_percent"` // of the claim
	ClaimsOverlap     Prob            `toml:"claims_overlap_percent"`     // of the smaller claim
	HomeKM            int             `toml:"home_km"`
	AdultYears        int             `toml:"adult_years"`
	CostOffSurvey     Prob            `toml:"cost_off_survey_percent"` // above or below
	RentOffSurvey     Prob            `toml:"rent_off_survey_percent"`
	YieldOverBest     Prob            `toml:"yield_over_best_percent"` // of the county's best year
	SalesOverLand     Prob            `toml:"sales_over_land_percent"`
	WaterM3Mu         int             `toml:"water_m3_mu"`     // of fields in a year
	MachineryKWMu     int             `toml:"machinery_kw_mu"` // and
	MachineryKW       int             `toml:"machinery_kw"`    // in all
	MaxWarnings       int             `toml:"max_warnings"`    // more findings of severity warn: a person decides
}

// Scorecard adds points; cut-offs decide. A missing value scores its neutral
// points and alone never declines.
type Scorecard struct {
	Base    int         `toml:"base"`
	Admit   int         `toml:"admit"`   // from here up: admit
	Decline int         `toml:"decline"` // below: decline; between: refer
	Items   []ScoreItem `toml:"items"`
	PD      []PDBand    `toml:"pd" parus:"optional"` // calibration of the points; rising
}

// PDBand is the probability of default from a number of points up.
type PDBand struct {
	From int  `toml:"from"`
	PD   Prob `toml:"pd_percent"`
}

// Loss turns a probability of default into an expected loss: PD × LGD × the
// limit, the PD conditioned on the county's disaster state.
type Loss struct {
	LGD Prob `toml:"lgd_percent"`
	// Disaster multiplies the PD while a notice of that level (1 gravest … 4)
	// covers land that counts; 100 = as it is.
	Disaster []DisasterPD `toml:"disaster"`
}

// DisasterPD is the PD's multiplier at one level of notices.
type DisasterPD struct {
	Level   int  `toml:"level"`
	Percent Prob `toml:"pd_percent"` // of the PD; 150 = half as much again
}

// ScoreItem gives points to one feature by bands; the last band whose From is
// not above the value counts.
type ScoreItem struct {
	Feature string `toml:"feature"`
	Code    string `toml:"code"` // reason code when it costs points
	EN      string `toml:"en"`
	ZH      string `toml:"zh"`
	Missing int    `toml:"missing"`
	Bands   []Band `toml:"bands"`
	// Mean is the population's mean of the points, as the fit measured it. A
	// missing value scores no less, unless two persons sign.
	Mean          *float64 `toml:"mean_points" parus:"optional"`
	MissingSigned []string `toml:"missing_signed_by" parus:"optional"` // approver and risk manager
}

// Band of a score item.
type Band struct {
	From   int64 `toml:"from"`
	Points int   `toml:"points"`
}
