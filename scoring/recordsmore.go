package scoring

import "github.com/parus-lending/parus/parcels"

// Records of the county beyond land, insurance and money owed. As everywhere,
// growers are known by their keyed code alone; an amount that is 0 was not given.

// Person is one member of a household of the registry (CBF, CBF_JTCY), the head
// too, or a unit.
type Person struct {
	parcels.Provenance
	GrowerID string `json:"grower_id"`
	// HouseholdID is the grower ID of the household's head, the one whom
	// contracts of the household resolve to.
	HouseholdID string `json:"household_id"`
	Kind        string `json:"kind"`               // household, person, unit
	Relation    string `json:"relation,omitempty"` // head, spouse, child, parent, grandchild, grandparent, sibling, other
	Note        string `json:"note,omitempty"`     // of the registry (CYBZ): deceased, student, soldier, married_out …
	// Born is the first day of the month after birth, zero where the number does
	// not tell: nobody is an adult too early, and no birthday leaves the feeds.
	Born Date `json:"born"`
	// Home is the village in whose registry the household stands: county 6, town
	// 3, village 3 digits; only of contractors.
	Home string `json:"home,omitempty"`
}

// Certificate is a certificate of the right to the land (CBJYQZ).
type Certificate struct {
	parcels.Provenance
	CertificateID string `json:"certificate_id"` // CBJYQZBM
	ContractID    string `json:"contract_id,omitempty"`
	GrowerID      string `json:"grower_id,omitempty"`
	Issued        Date   `json:"issued"`
	Status        string `json:"status,omitempty"` // valid, cancelled, replaced
}

// Price is what a crop sold for on a day.
type Price struct {
	parcels.Provenance
	County       string `json:"county,omitempty"` // empty = everywhere
	Market       string `json:"market,omitempty"`
	Crop         string `json:"crop"`
	Kind         string `json:"kind"` // farm_gate, wholesale, minimum
	Day          Date   `json:"day"`
	PricePer50Kg Fen    `json:"price_per_50kg"`
}

// Disaster is an official notice. ValidFrom and ValidTo are the days of the
// event, Received the day of the notice.
type Disaster struct {
	parcels.Provenance
	NoticeID string   `json:"notice_id"`
	Kind     string   `json:"kind"`            // drought, flood, waterlogging, hail, frost, heat, wind, rainstorm, snow, pest, disease, fire, earthquake, landslide, other
	Level    int      `json:"level,omitempty"` // 1 gravest (red) … 4 (blue)
	Places   []string `json:"places"`          // what registry codes begin with: county 6, town 9, village 12, group 14 digits
	Crops    []string `json:"crops,omitempty"` // empty = all
	Affected Area     `json:"affected,omitempty"`
	Loss     Prob     `json:"loss,omitempty"` // share of the usual yield
}

// Covers reports whether a parcel code lies in one of the notice's places.
func (d *Disaster) Covers(parcelID string) bool {
	for _, p := range d.Places {
		if p != "" && len(parcelID) >= len(p) && parcelID[:len(p)] == p {
			return true
		}
	}
	return false
}

// Machine is a piece of machinery that a grower owns.
type Machine struct {
	parcels.Provenance
	MachineID string `json:"machine_id"`
	GrowerID  string `json:"grower_id"`
	Kind      string `json:"kind"` // tractor, harvester, planter, sprayer, drone, dryer, pump, other
	Watts     int64  `json:"watts,omitempty"`
	Bought    Date   `json:"bought"`
	Cost      Fen    `json:"cost,omitempty"`
	Subsidy   Fen    `json:"subsidy,omitempty"`
}

// Purchase is grain or another crop that a buyer took from a grower.
type Purchase struct {
	parcels.Provenance
	PurchaseID string `json:"purchase_id,omitempty"`
	GrowerID   string `json:"grower_id"`
	Buyer      string `json:"buyer,omitempty"`
	Crop       string `json:"crop"`
	Day        Date   `json:"day"`
	Grams      int64  `json:"grams"` // at trade moisture
	Paid       Fen    `json:"paid,omitempty"`
}

// Meter is one reading: what a meter of water or power counted from ValidFrom to
// ValidTo.
type Meter struct {
	parcels.Provenance
	MeterID   string   `json:"meter_id"`
	GrowerID  string   `json:"grower_id"`
	Kind      string   `json:"kind"`          // water (litres), power (watt-hours)
	Amount    int64    `json:"amount"`        // in the unit of Kind
	Use       string   `json:"use,omitempty"` // irrigation, farm, home, other
	ParcelIDs []string `json:"parcel_ids,omitempty"`
}

// ListEntry is one answer of a yes/no list: that a grower is on it, or that he
// was looked up and is not.
type ListEntry struct {
	parcels.Provenance
	GrowerID string `json:"grower_id"`
	List     string `json:"list"` // court, tax, deceased, or a name of the county's own
	Listed   bool   `json:"listed"`
	Day      Date   `json:"day"` // since when, or when looked up
}
