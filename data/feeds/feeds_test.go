package feeds

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

// Two people of the address code 000000, which belongs to nobody, and a firm.
var (
	zhang = identity.IDCard("000000", time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC), 1)
	li    = identity.IDCard("000000", time.Date(1980, 3, 4, 0, 0, 0, 0, time.UTC), 2)
	coop  = identity.CreditCode("000000", 3)
)

const (
	zhangCode = "341523100201010001"
	liCode    = "341523100201010002"
	coopCode  = "341523100201010003"
	parcelA   = "3415231002010100011"
	parcelB   = "3415231002010100012"
)

func testKey(t testing.TB) identity.Key {
	t.Helper()
	path := filepath.Join(t.TempDir(), "identity.key")
	if err := identity.NewKeyFile(path, 1); err != nil {
		t.Fatal(err)
	}
	k, err := identity.LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func save(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func day(s string) parcels.Date {
	d, err := parcels.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func contractorsCSV() string {
	return "CBFBM,CBFLX,CBFMC,CBFZJLX,CBFZJHM,LXDH\n" +
		zhangCode + ",1,张大山,1," + zhang + ",13800000001\n" +
		liCode + ",1,李小雀,1," + strings.ToLower(li) + ",13800000002\n" +
		coopCode + ",3,山雀合作社,3," + coop + ",\n"
}

// read loads feeds given as CSV texts, as of 2024-07-15.
func read(t testing.TB, texts map[string]string) *Loaded {
	t.Helper()
	paths := map[string]string{}
	for feed, text := range texts {
		paths[feed] = save(t, feed+".csv", text)
	}
	l, err := Load(context.Background(), paths, Options{Key: testKey(t), County: "341523", AsOf: day("2024-07-15")})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// oneRowEach is a file of each feed that the first runs of Parus read.
func oneRowEach(key identity.Key) map[string]string {
	g := key.GrowerID(zhang)
	return map[string]string{
		"contractors": contractorsCSV(),
		"contracts":   "CBHTBM,DKBM,CBFBM,HTMJ,CBQXQ,CBQXZ\n" + zhangCode + "J," + parcelA + "," + zhangCode + ",1234.5,1998/10/1,长久\n",
		"transfers": "CBHTBM,LZHTBM,DKBM,CBFBM,SRFBM,LZFS,LZQXKSRQ,LZQXJSRQ,LZMJM,HTQDRQ\n" +
			zhangCode + "J,341523100201010007," + parcelA + "," + zhangCode + "," + coopCode + ",出租,20230101,2027年12月31日,1.5,2022.11.10\n",
		"roster":       "证件号码,主体类型,户号,申请金额（万元）,自报负债,received\n" + li + ",农户,0012,3.5,\"1,200\",2024-02-25\n",
		"declarations": "contractor_id,parcel_id,season,crop,area_mu,planting,received\n" + liCode + "," + parcelB + ",2024,玉米,15,2024-06-10,2024-02-20\n",
		"policies": "保单号,身份证号,投保作物,投保面积亩,地块编码,每亩保额,第一受益人,保险起期,保险止期\n" +
			"PIC1," + li + ",水稻,15," + parcelB + "；" + parcelA + "," + "700,县农商行,2024-05-01,2024-10-31\n",
		"subsidies":  "subsidy_id,grower_id,DKBM,年度,crop,area_ha\nSUB1," + g + "," + parcelB + ",2024年,冬小麦,1\n",
		"debts":      "借据号,CBFBM,贷款机构,贷款用途,贷款余额万元,到期日,逾期天数,parcel_ids,放款日\nJJ1," + liCode + ",县农商行,生产,2.5,2025-06-15,3," + parcelB + ",2023-10-10\n",
		"costs":      "crop,year,total_yuan_ha,materials_yuan_mu,hired_labour_yuan_mu,yield_kg_ha,price_yuan_kg\nwheat,2022,15000,430,20,6000,2.36\n",
		"statistics": "county,crop,year,yield_t_ha\n341523,maize,2022,6\n",
	}
}

// One row of each feed under the registry's, English or Chinese headings. By
// hand: 15 mu = 10 000 m²; 6000 kg/ha = 400 kg/mu; 2.36 yuan/kg = 118 yuan/50 kg.
func TestEveryFeed(t *testing.T) {
	key := testKey(t)
	g, h, c := key.GrowerID(zhang), key.GrowerID(li), key.GrowerID(coop)
	l := read(t, oneRowEach(key))
	if len(l.Rejects) > 0 {
		t.Fatalf("rejected: %+v", l.Rejects)
	}
	from := func(source, authority, first, last, received string) parcels.Provenance {
		p := parcels.Provenance{Source: source, Authority: authority}
		for dst, s := range map[*parcels.Date]string{&p.ValidFrom: first, &p.ValidTo: last, &p.Received: received} {
			if s != "" {
				*dst = day(s)
			}
		}
		return p
	}
	want := scoring.Records{
		Contracts: []parcels.Contract{{Provenance: from("contracts.csv:2", "land_registry", "1998-10-01", "", "1998-10-01"),
			ContractID: zhangCode + "J", ParcelID: parcelA, GrowerID: g, AreaM2: 1234.5}},
		Transfers: []parcels.Transfer{{Provenance: from("transfers.csv:2", "agriculture_bureau", "2023-01-01", "2027-12-31", "2022-11-10"),
			TransferID: "341523100201010007", ContractID: zhangCode + "J", ParcelID: parcelA, From: g, To: c, Mode: "lease", AreaM2: 1000, Signed: day("2022-11-10")}},
		Roster: []scoring.RosterEntry{{Provenance: from("roster.csv:2", "agriculture_bureau", "", "", "2024-02-25"), GrowerID: h, Kind: "household",
			HouseholdID: key.Pseudonym("household", "0012"), Requested: 35_000_00, DeclaredDebt: 1200_00}},
		Declarations: []scoring.Declaration{{Provenance: from("declarations.csv:2", "grower", "", "", "2024-02-20"), GrowerID: h, ParcelID: parcelB,
			Season: "2024", Crop: "maize", Area: 10_000_00, Planting: day("2024-06-10")}},
		Policies: []scoring.Policy{{Provenance: from("policies.csv:2", "insurer", "2024-05-01", "2024-10-31", "2024-05-01"), PolicyID: "PIC1", GrowerID: h,
			Crop: "rice", Area: 10_000_00, ParcelIDs: []string{parcelA, parcelB}, SumInsuredPerMu: 700_00, Beneficiary: "县农商行"}},
		Subsidies: []scoring.Subsidy{{Provenance: from("subsidies.csv:2", "agriculture_bureau", "", "", ""), SubsidyID: "SUB1", GrowerID: g, ParcelID: parcelB,
			Season: "2024", Crop: "winter_wheat", Area: 10_000_00}},
		Debts: []scoring.Debt{{Provenance: from("debts.csv:2", "lender", "2023-10-10", "", "2023-10-10"), DebtID: "JJ1", GrowerID: h, Lender: "县农商行",
			Purpose: "production", Outstanding: 25_000_00, Due: day("2025-06-15"), DaysPastDue: 3, ParcelIDs: []string{parcelB}}},
		Costs: []scoring.Cost{{Provenance: from("costs.csv:2", "price_bureau", "", "", "2023-01-01"), Crop: "winter_wheat", Year: 2022,
			Total: 1000_00, Materials: 430_00, HiredLabour: 20_00, YieldKgPerMu: 4000, PricePer50Kg: 118_00, Split: true}},
		People: []scoring.Person{
			{Provenance: from("contractors.csv:2", "land_registry", "", "", ""), GrowerID: g, HouseholdID: g, Kind: "household", Relation: "head", Home: "341523100201", Born: day("1970-02-01")},
			{Provenance: from("contractors.csv:3", "land_registry", "", "", ""), GrowerID: h, HouseholdID: h, Kind: "household", Relation: "head", Home: "341523100201", Born: day("1980-04-01")},
			{Provenance: from("contractors.csv:4", "land_registry", "", "", ""), GrowerID: c, HouseholdID: c, Kind: "unit", Relation: "head", Home: "341523100201"},
		},
		Statistics: []scoring.Statistic{{Provenance: from("statistics.csv:2", "statistics_bureau", "", "", "2023-01-01"), County: "341523", Crop: "maize", Year: 2022, Yield: 4000}},
	}
	got := l.Records
	feeds := got.Feeds
	got.Feeds = nil
	near := cmp.Comparer(func(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }) // 1.5 mu in m²
	if d := cmp.Diff(want, got, near); d != "" {
		t.Errorf("records (-want +got):\n%s", d)
	}
	if len(feeds) != len(Layouts) || feeds["contractors"].Rows != 3 || !feeds["debts"].Given || feeds["transfers"].Newest != day("2022-11-10") {
		t.Errorf("states %+v", feeds)
	}
	if len(l.Inputs) != 10 || l.Inputs[0].Kind != "feed:contractors" || l.Inputs[0].SHA256 == "" {
		t.Errorf("inputs %+v", l.Inputs)
	}
}

// Everything that can be wrong with a cell, each in a row of its own, under a
// good row. The reason must name it; the good row must load.
func TestBadRows(t *testing.T) {
	other := identity.IDCard("000000", time.Date(1990, 5, 6, 0, 0, 0, 0, time.UTC), 9)
	for _, x := range []struct{ feed, head, good, bad, column, reason string }{
		{"contracts", "contract_id,parcel_id,contractor_id,area_m2,valid_from,valid_to", "C1," + parcelA + "," + zhangCode + ",10,,", "C2,3.41523E+18," + zhangCode + ",10,,", "parcel_id", "rounded"},
		{"contracts", "contract_id,DKBM,contractor_id", "C1," + parcelA + "," + zhangCode, "C2,3415231002010100000," + zhangCode, "DKBM", "rounded"},
		{"contracts", "contract_id,DKBM,contractor_id", "C1," + parcelA + "," + zhangCode, "C2,341523100201010001," + zhangCode, "DKBM", "18 digits, a registry code has 19"},
		{"contracts", "contract_id,DKBM,CBFBM", "C1," + parcelA + "," + zhangCode, "C2," + parcelA + ",34152310020101000", "CBFBM", "17 characters, it should have 18"},
		{"contracts", "contract_id,DKBM,CBFBM", "C1," + parcelA + "," + zhangCode, "C2," + parcelA + ",3.41523100201010E+17", "CBFBM", "rounded"},
		{"contracts", "contract_id,DKBM,CBFBM", "C1," + parcelA + "," + zhangCode, "C2," + parcelA + ",341523100201019999", "CBFBM", "not in the contractors feed"},
		{"contracts", "contract_id,DKBM,CBFBM", "C1," + parcelA + "," + zhangCode, "C2," + parcelA + ",", "", "none of id_number, contractor_id, grower_id"},
		{"contracts", "contract_id,DKBM,CBFBM", "C1," + parcelA + "," + zhangCode, "C1," + parcelA + "," + zhangCode, "", "row 2 has the same contract_id"},
		{"contracts", "contract_id,DKBM,CBFBM", "C1," + parcelA + "," + zhangCode, "," + parcelA + "," + zhangCode, "contract_id", "empty"},
		{"contracts", "contract_id,DKBM,CBFBM", "C1," + parcelA + "," + zhangCode, "C2," + parcelA + "," + zhangCode + ",5,6", "", "5 cells, the headings 3"},
		{"contracts", "contract_id,DKBM,CBFBM,HTMJ,HTMJM", "C1," + parcelA + "," + zhangCode + ",1000,1.5", "C2," + parcelA + "," + zhangCode + ",1000,15", "HTMJ", "do not agree"},
		{"contracts", "contract_id,DKBM,CBFBM,HTMJM", "C1," + parcelA + "," + zhangCode + ",1.5", "C2," + parcelA + "," + zhangCode + ",1.5亩", "HTMJM", "not a number"},
		{"contracts", "contract_id,DKBM,CBFBM,HTMJM", "C1," + parcelA + "," + zhangCode + ",1.5", "C2," + parcelA + "," + zhangCode + ",-2", "HTMJM", "below 0"},
		{"contracts", "contract_id,DKBM,CBFBM,area_ha", "C1," + parcelA + "," + zhangCode + ",1.5", "C2," + parcelA + "," + zhangCode + ",1234567", "area_ha", "more than 100000"},
		{"contracts", "contract_id,DKBM,CBFBM,CBQXZ", "C1," + parcelA + "," + zhangCode + ",2028-09-30", "C2," + parcelA + "," + zhangCode + ",2028-09-31", "CBQXZ", "not a day"},
		{"contracts", "contract_id,DKBM,CBFBM,CBQXQ,CBQXZ", "C1," + parcelA + "," + zhangCode + ",,", "C2," + parcelA + "," + zhangCode + ",2020-01-02,2020-01-01", "CBQXZ", "before the first"},
		{"contracts", "contract_id,DKBM,id_number", "C1," + parcelA + "," + zhang, "C2," + parcelA + "," + zhang[:17] + "?", "id_number", "17 digits and a last"},
		{"contracts", "contract_id,DKBM,id_number,CBFBM", "C1," + parcelA + "," + zhang + "," + zhangCode, "C2," + parcelA + "," + other + "," + zhangCode, "id_number", "two different people"},
		{"contracts", "contract_id,DKBM,grower_id", "C1," + parcelA + ",0123456789abcdef", "C2," + parcelA + ",ABCDEF", "grower_id", "not a grower ID"},
		{"transfers", "transfer_id,DKBM,CBFBM,SRFBM,valid_from", "T1," + parcelA + "," + zhangCode + "," + liCode + ",2023-01-01", "T2," + parcelA + "," + zhangCode + "," + zhangCode + ",2023-01-01", "", "the same person"},
		{"declarations", "CBFBM,DKBM,crop", zhangCode + "," + parcelA + ",maize", zhangCode + "," + parcelB + ",gold", "crop", "crop is not known"},
		{"roster", "CBFBM,kind", zhangCode + ",1", liCode + ",dragon", "kind", "word is not known"},
		{"debts", "CBFBM,lender,outstanding,days_past_due", zhangCode + ",县农商行,5,1", zhangCode + ",县农商行,5,1.5", "days_past_due", "whole number"},
		{"costs", "crop,year,total", "maize,2022,800", "maize,2021,", "", "neither a total"},
		{"costs", "crop,year,total,split", "maize,2022,800,否", "maize,2021,800,perhaps", "split", "neither yes nor no"},
		{"statistics", "crop,year,yield_kg_mu", "maize,2022,400", "maize,22,400", "year", "not a year"},
		{"statistics", "crop,year,yield_kg_mu", "maize,2022,400", "maize,2021,NaN", "yield_kg_mu", "not a number"},
		{"statistics", "crop,year,yield_kg_mu", "maize,2022,400", "maize,2021,400000", "yield_kg_mu", "more than 30000"},
	} {
		l := read(t, map[string]string{"contractors": contractorsCSV(), x.feed: x.head + "\n" + x.good + "\n" + x.bad + "\n"})
		state := l.Records.Feeds[x.feed]
		if state.Rows != 1 || state.Rejected != 1 || len(l.Rejects) == 0 {
			t.Errorf("%s %q: %d rows loaded, %d rejected, want 1 and 1: %+v", x.feed, x.bad, state.Rows, state.Rejected, l.Rejects)
			continue
		}
		r := l.Rejects[0]
		if r.Feed != x.feed || r.File != x.feed+".csv" || r.Row != 3 || r.Column != x.column || !strings.Contains(r.Reason, x.reason) || r.Advice == "" {
			t.Errorf("%s %q: reject %+v, want column %q and reason with %q", x.feed, x.bad, r, x.column, x.reason)
		}
	}
}

// A contractor code kept to 15 digits still looks like a code when it stands
// alone; a whole column of them does not.
func TestRoundedColumn(t *testing.T) {
	text := "CBFBM,CBFZJHM\n"
	for i, who := range []string{zhang, li, coop} {
		text += "34152310020101" + string(rune('1'+i)) + "000," + who + "\n"
	}
	l := read(t, map[string]string{"contractors": text})
	if n := l.Records.Feeds["contractors"].Rejected; n != 3 || !strings.Contains(l.Rejects[0].Advice, "as text") {
		t.Errorf("%d of 3 rounded codes rejected: %+v", n, l.Rejects)
	}
	text = strings.Replace(text, "1000,", "1001,", 1)
	if l := read(t, map[string]string{"contractors": text}); l.Records.Feeds["contractors"].Rejected != 0 {
		t.Errorf("codes that end in 000 beside others that do not were rejected: %+v", l.Rejects)
	}
}
