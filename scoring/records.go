package scoring

import "github.com/parus-lending/parus/parcels"

// Date is a calendar day.
type Date = parcels.Date

// RosterEntry is one applicant of the county's roster (名单) for the season.
type RosterEntry struct {
	parcels.Provenance
	GrowerID     string `json:"grower_id"`
	Kind         string `json:"kind"` // person, household, family_farm, coop, company
	HouseholdID  string `json:"household_id,omitempty"`
	Product      string `json:"product,omitempty"`       // key of the credit policy's products; empty = its default
	Requested    Fen    `json:"requested,omitempty"`     // 0 = not stated
	DeclaredDebt Fen    `json:"declared_debt,omitempty"` // what the grower says he owes
	// Extras are what a whitelist says besides: scale, breed … by the name that
	// the file or its mapping gives.
	Extras map[string]string `json:"extras,omitempty"`
	// ActsFor are those of his household whose records count as his, sorted
	// (Records.ActForHouseholds).
	ActsFor []string `json:"acts_for,omitempty"`
}

// Declaration is what the grower says will grow on a parcel in the season. Two
// crops in a year are two declarations.
type Declaration struct {
	parcels.Provenance
	GrowerID string `json:"grower_id"`
	ParcelID string `json:"parcel_id"`
	Season   string `json:"season"`
	Crop     string `json:"crop"`
	Area     Area   `json:"area"` // 0 = the whole parcel
	Planting Date   `json:"planting"`
	// What the grower says of the crop on this land; 0 = nothing.
	Cost  Fen   `json:"cost,omitempty"`  // per mu
	Yield Yield `json:"yield,omitempty"` // usual, at trade moisture
}

// Policy is an insurance policy (保单). "Credit policy" is CreditPolicy.
type Policy struct {
	parcels.Provenance          // ValidFrom..ValidTo is the term of cover
	PolicyID           string   `json:"policy_id"`
	GrowerID           string   `json:"grower_id"`
	Crop               string   `json:"crop"`
	Area               Area     `json:"area"`
	ParcelIDs          []string `json:"parcel_ids"` // empty = witness "area only"
	SumInsuredPerMu    Fen      `json:"sum_insured_per_mu"`
	Beneficiary        string   `json:"beneficiary,omitempty"` // first beneficiary: a lender, or empty
	Pledged            Fen      `json:"pledged,omitempty"`
	Village            string   `json:"village,omitempty"` // where the policy names no parcels
}

// Subsidy is one subsidy declaration (补贴申报) for a parcel.
type Subsidy struct {
	parcels.Provenance
	SubsidyID string `json:"subsidy_id"`
	GrowerID  string `json:"grower_id"`
	ParcelID  string `json:"parcel_id"`
	Season    string `json:"season"`
	Crop      string `json:"crop"`
	Area      Area   `json:"area"`
}

// Debt is one loan known to the lender, the county or a credit bureau.
type Debt struct {
	parcels.Provenance
	DebtID      string   `json:"debt_id"`
	GrowerID    string   `json:"grower_id"`
	Lender      string   `json:"lender"`
	Purpose     string   `json:"purpose"` // production, equipment, other
	Season      string   `json:"season,omitempty"`
	Outstanding Fen      `json:"outstanding"`
	Due         Date     `json:"due"`
	DaysPastDue int      `json:"days_past_due"`
	ParcelIDs   []string `json:"parcel_ids"` // land pledged or financed
}

// Cost is one row of a cost survey in the official layout, per mu, in fen.
type Cost struct {
	parcels.Provenance
	County       string `json:"county"` // code; empty = default for all
	Crop         string `json:"crop"`
	Year         int    `json:"year"`
	Total        Fen    `json:"total"`
	Materials    Fen    `json:"materials"`      // 物质与服务费用
	HiredLabour  Fen    `json:"hired_labour"`   // 雇工费用
	FamilyLabour Fen    `json:"family_labour"`  // 家庭用工折价, never financed
	Rent         Fen    `json:"rent"`           // 流转地租金, leased land only
	OwnLand      Fen    `json:"own_land"`       // 自营地折租, never financed
	YieldKgPerMu Yield  `json:"yield"`          // 主产品产量
	PricePer50Kg Fen    `json:"price_per_50kg"` // 平均出售价格
	Split        bool   `json:"split"`          // false: only Total is known
	// Sums and results of the official layout; 0 = not given.
	Production Fen `json:"production,omitempty"`  // 生产成本 = materials and services + labour
	Labour     Fen `json:"labour,omitempty"`      // 人工成本 = family + hired
	Land       Fen `json:"land,omitempty"`        // 土地成本 = rent + own land
	NetProfit  Fen `json:"net_profit,omitempty"`  // 净利润; below 0 = loss
	CashIncome Fen `json:"cash_income,omitempty"` // 现金收益
}

// Statistic is the county's own yield statistic of a crop and year.
type Statistic struct {
	parcels.Provenance
	County string `json:"county"`
	Crop   string `json:"crop"`
	Year   int    `json:"year"`
	Yield  Yield  `json:"yield"`
}

// Records are the county's records known on the as-of day. Order does not
// matter; scoring sorts what it uses.
type Records struct {
	Contracts    []parcels.Contract `json:"contracts"`
	Transfers    []parcels.Transfer `json:"transfers"`
	Roster       []RosterEntry      `json:"roster"`
	Declarations []Declaration      `json:"declarations"`
	Policies     []Policy           `json:"policies"`
	Subsidies    []Subsidy          `json:"subsidies"`
	Debts        []Debt             `json:"debts"`
	Costs        []Cost             `json:"costs"`
	Statistics   []Statistic        `json:"statistics"`

	People       []Person        `json:"people,omitempty"`
	Certificates []Certificate   `json:"certificates,omitempty"`
	Prices       []Price         `json:"prices,omitempty"`
	Disasters    []Disaster      `json:"disasters,omitempty"`
	Machines     []Machine       `json:"machines,omitempty"`
	Purchases    []Purchase      `json:"purchases,omitempty"`
	Meters       []Meter         `json:"meters,omitempty"`
	Lists        []ListEntry     `json:"lists,omitempty"`
	Claims       []parcels.Claim `json:"claims,omitempty"`
	// Feeds says of each feed whether it was given at all: a missing feed
	// raises no finding (DESIGN §5.12).
	Feeds map[string]FeedState `json:"feeds"`
}

// FeedState of a feed by name: contracts, transfers, roster …
type FeedState struct {
	Given    bool `json:"given"`
	Rows     int  `json:"rows"`
	Rejected int  `json:"rejected"`
	Newest   Date `json:"newest"` // newest received day
}
