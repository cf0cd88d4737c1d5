package feeds

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/parus-lending/parus/parcels"
)

// moreFeeds is a row of each of the other feeds.
func moreFeeds() map[string]string {
	return map[string]string{
		"issuers":      "FBFBM,FBFMC\n34152310020101,山雀镇小南村第一组\n",
		"members":      "CBFBM,CYXM,CYZJHM,YHZGX,CYBZ\n" + zhangCode + ",张小山," + li + ",20,3\n",
		"certificates": "CBJYQZBM,CBFBM,发证日期\n" + zhangCode + "J," + zhangCode + ",2018-05-01\n",
		"prices":       "日期,作物,每50公斤价格,市场\n2024-06-20,玉米,118.5,小南市场\n",
		"disasters":    "灾情编号,灾种,等级,受灾地区代码,受灾作物,受灾面积亩,减产率,开始日期,结束日期,received\nZ1,冰雹,红色,341523100201;341523100202,玉米、水稻,1500,35,2024-06-01,2024-06-02,2024-06-10\n",
		"machinery":    "机具编号,CBFBM,机具类别,马力,购置日期,购置价格,补贴金额\nM1," + coopCode + ",拖拉机,100,2022-03-01,120000,36000\n",
		"purchases":    "收购单号,身份证号,收购单位,作物,收购日期,净重吨,结算金额\nS1," + zhang + ",县粮食公司,小麦,2023-06-20,12.5,29500\n",
		"meters":       "表号,CBFBM,用电量度,用途,上次抄表日期,抄表日期\nE1," + zhangCode + ",315.5,排灌,2024-05-01,2024-05-31\n",
		"lists":        "身份证号,名单,结果,查询日期\n" + zhang + ",失信被执行人,否,2024-06-01\n" + li + ",死亡,是,2023-02-03\n",
		"claims":       "claim_id,grower_id,method,source_crs,geometry,taken\nQ1,0123456789abcdef,绕行,GCJ-02,\"POLYGON((115.9 31.7,115.901 31.7,115.901 31.701,115.9 31.701,115.9 31.7))\",2024-06-03\n",
	}
}

func options(t testing.TB, store string) Options {
	return Options{Key: testKey(t), County: "341523", Store: store, Today: day("2024-07-01")}
}

// bring imports texts in the order of the layouts.
func bring(t testing.TB, opt Options, texts map[string]string) map[string]*Imported {
	t.Helper()
	out := map[string]*Imported{}
	for _, feed := range Names() {
		if texts[feed] == "" {
			continue
		}
		i, err := Import(context.Background(), feed, save(t, feed+".csv", texts[feed]), opt)
		if err != nil {
			t.Fatal(err)
		}
		if i.Rejected > 0 {
			b, _ := os.ReadFile(i.Rejects)
			t.Fatalf("%s: rejected:\n%s", feed, b)
		}
		out[feed] = i
	}
	return out
}

func folder(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		out[strings.TrimPrefix(path, dir+"/")] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What was imported is what the files say, of every feed; the store holds
// nobody's name or number; the same files again change nothing.
func TestStoreHoldsWhatFilesSay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "records")
	opt := options(t, dir)
	texts := oneRowEach(opt.Key)
	maps.Copy(texts, moreFeeds())
	bring(t, opt, texts)
	before := folder(t, dir)
	for feed, i := range bring(t, Options{Key: opt.Key, County: opt.County, Store: dir, Today: day("2024-07-09")}, texts) {
		if i.New != 0 || i.Unchanged != i.Rows {
			t.Errorf("%s: the second import found %d of %d rows new", feed, i.New, i.Rows)
		}
	}
	if d := cmp.Diff(before, folder(t, dir)); d != "" {
		t.Errorf("the second import changed the folder:\n%s", d)
	}
	for name, text := range before {
		for _, secret := range []string{zhang, li, strings.ToLower(li), coop, "张大山", "张小山", "李小雀", "13800000001"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds %s", name, secret)
			}
		}
	}
	paths := map[string]string{}
	for feed, text := range texts {
		paths[feed] = save(t, feed+".csv", text)
	}
	plainOpt := opt
	plainOpt.Store = ""
	want, err := Load(context.Background(), paths, plainOpt)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Load(context.Background(), nil, Options{Store: dir, County: "341523", Today: opt.Today})
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Rejects)+len(got.Rejects) > 0 {
		t.Fatalf("rejects %+v %+v", want.Rejects, got.Rejects)
	}
	near := cmp.Comparer(func(a, b float64) bool { return a-b < 0.006 && b-a < 0.006 }) // areas are kept to 0.01 m²
	sums := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".Checksum" }, cmp.Comparer(func(a, b string) bool {
		return a == "" && len(b) == 16 || b == "" && len(a) == 16
	}))
	if d := cmp.Diff(want.Records, got.Records, near, sums); d != "" {
		t.Errorf("records (-file +store):\n%s", d)
	}
	r := got.Records
	if len(r.Claims) != 1 || len(r.Meters) != 1 || r.Meters[0].Amount != 315_500 || r.Purchases[0].Grams != 12_500_000 || r.Machines[0].Watts != 73_550 ||
		r.Disasters[0].Level != 1 || r.Disasters[0].Loss != 3500 || r.Disasters[0].Affected != 1_000_000_00 || len(r.Disasters[0].Places) != 2 || !r.Disasters[0].Covers(parcelA) ||
		len(r.Lists) != 2 || r.Prices[0].PricePer50Kg != 118_50 || r.Prices[0].Kind != "farm_gate" || r.Certificates[0].Issued != day("2018-05-01") {
		t.Errorf("records %+v", r)
	}
	// The son of the household of zhang, whom his own number names: li.
	if p := r.People[3]; p.HouseholdID != opt.Key.GrowerID(zhang) || p.GrowerID != opt.Key.GrowerID(li) || p.Relation != "child" || p.Note != "student" || p.Born != day("1980-04-01") {
		t.Errorf("member %+v", p)
	}
}

// A later state of a record holds from the day it was received; on an earlier
// as-of the older one holds. The same day with other content is refused.
func TestStatesOfARecord(t *testing.T) {
	dir := t.TempDir()
	opt := options(t, dir)
	policy := func(area, received string) string {
		return "policy_id,id_number,crop,area_mu,valid_from,valid_to,received\nP1," + zhang + ",rice," + area + ",2024-05-01,2024-10-31," + received + "\n"
	}
	first, later := policy("15", "2024-05-02"), policy("12", "2024-06-20")
	bring(t, opt, map[string]string{"policies": first})
	if i := bring(t, opt, map[string]string{"policies": later})["policies"]; i.New != 1 || i.Newer != 1 {
		t.Errorf("the later state: %+v", i)
	}
	if i := bring(t, opt, map[string]string{"policies": first})["policies"]; i.New != 0 || i.Unchanged != 1 {
		t.Errorf("the first state again: %+v", i)
	}
	for asOf, want := range map[string]int64{"2024-05-01": 0, "2024-06-19": 10_000_00, "2024-06-20": 8_000_00} {
		l, err := Load(context.Background(), nil, Options{Store: dir, AsOf: day(asOf)})
		if err != nil {
			t.Fatal(err)
		}
		var got int64
		for _, p := range l.Records.Policies {
			got += int64(p.Area)
		}
		if got != want {
			t.Errorf("as of %s the area is %d, want %d", asOf, got, want)
		}
	}
	i, err := Import(context.Background(), "policies", save(t, "again.csv", policy("11", "2024-06-20")), opt)
	if err != nil || i.New != 0 || i.Rejected != 1 {
		t.Fatalf("another content of the same day: %+v %v", i, err)
	}
	b, err := os.ReadFile(i.Rejects)
	if err != nil || !strings.Contains(string(b), "received the same day") {
		t.Errorf("%v %s", err, b)
	}
}

// Rows without an ID of their own are told apart by content and number: two equal
// debts in a file are two debts, and stay two when the file comes again.
func TestRowsWithoutKey(t *testing.T) {
	opt := options(t, t.TempDir())
	text := "id_number,lender,outstanding,received\n" + zhang + ",县农商行,500,2024-06-01\n" + zhang + ",县农商行,500,2024-06-01\n"
	for n, want := range []int{2, 0} {
		if i := bring(t, opt, map[string]string{"debts": text})["debts"]; i.New != want {
			t.Errorf("import %d added %d rows, want %d", n+1, i.New, want)
		}
	}
	if i := bring(t, opt, map[string]string{"debts": text + zhang + ",县农商行,500,2024-06-01\n"})["debts"]; i.New != 1 {
		t.Errorf("a third equal row: %+v", i)
	}
}

// A code that is in the store by an earlier import names the person in a later.
func TestCodesOfTheStore(t *testing.T) {
	opt := options(t, t.TempDir())
	declared := "CBFBM,DKBM,crop\n" + zhangCode + "," + parcelA + ",maize\n341523100201019999," + parcelB + ",rice\n"
	if _, err := Import(context.Background(), "declarations", save(t, "d.csv", declared), opt); err == nil || !strings.Contains(err.Error(), "contractors") {
		t.Errorf("codes without contractors: %v", err)
	}
	bring(t, opt, map[string]string{"contractors": contractorsCSV()})
	i, err := Import(context.Background(), "declarations", save(t, "d.csv", declared), opt)
	if err != nil || i.New != 1 || i.Rejected != 1 || i.Growers != 1 {
		t.Fatalf("%+v %v", i, err)
	}
}

// A contract and a policy on paper name household, village, crop and mu: each is
// matched to the one household of that name in the village, vouches for an area,
// and gets no parcel. A name that two have is refused.
func TestAreaOnly(t *testing.T) {
	opt := options(t, t.TempDir())
	twin := "341523100202010009"
	bring(t, opt, map[string]string{
		"issuers":     "FBFBM,FBFMC\n34152310020101,山雀镇小南村\n34152310020201,山雀镇大北村\n",
		"contractors": contractorsCSV() + twin + ",1,张大山,1," + identityOf(9) + ",\n",
	})
	paper := "合同编码,户主姓名,村,作物,面积亩,承包期限起\nHT1,张大山,小南村,玉米,15,2020-01-01\nHT2,张大山,,玉米,3,2020-01-01\nHT3,张大山,西村,玉米,3,2020-01-01\nHT4,王五,小南村,玉米,3,2020-01-01\nHT5,李小雀,小南村,玉米,,2020-01-01\n"
	i, err := Import(context.Background(), "contracts", save(t, "paper.csv", paper), opt)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile(i.Rejects)
	if i.New != 1 || i.Rejected != 4 || strings.Contains(string(b), "王五") {
		t.Fatalf("%+v\n%s", i, b)
	}
	for _, says := range []string{"names no village", "lives in the village", "no contractor has this name", "none of parcel_id, area_m2"} {
		if !strings.Contains(string(b), says) {
			t.Errorf("rejects do not say %q:\n%s", says, b)
		}
	}
	bring(t, opt, map[string]string{"policies": "保单号,投保人,村,作物,投保面积亩,保险起期,保险止期\nBD1,李小雀,341523100201,水稻,12,2024-05-01,2024-10-31\n"})
	l, err := Load(context.Background(), nil, Options{Store: opt.Store, County: "341523"})
	if err != nil {
		t.Fatal(err)
	}
	c, p := l.Records.Contracts, l.Records.Policies
	if len(c) != 1 || c[0].GrowerID != opt.Key.GrowerID(zhang) || c[0].ParcelID != "" || c[0].Village != "小南村" || c[0].Crop != "maize" || c[0].AreaM2 != 10_000 {
		t.Errorf("contracts %+v", c)
	}
	if len(p) != 1 || p[0].GrowerID != opt.Key.GrowerID(li) || len(p[0].ParcelIDs) != 0 || p[0].Area != 8_000_00 {
		t.Errorf("policies %+v", p)
	}
	if f := parcels.Farmers([]string{parcelA}, c, nil, day("2024-07-01"), day("2024-07-01")); f[parcelA].GrowerID != "" {
		t.Errorf("a contract without a parcel made someone farm one: %+v", f)
	}
}

// Two imports at once into one folder: the second is refused and says why.
func TestImportsDoNotMeet(t *testing.T) {
	dir := t.TempDir()
	err := locked(t.Context(), Options{Store: dir}, func() error { return locked(t.Context(), Options{Store: dir}, func() error { return nil }) })
	if err == nil || !strings.Contains(err.Error(), "another import") {
		t.Errorf("%v", err)
	}
	if err := locked(t.Context(), Options{Store: dir}, func() error { return nil }); err != nil {
		t.Error(err)
	}
}

// Whatever stands in the store, its layout keeps no column for people.
func TestStoredLayoutsHoldNoPeople(t *testing.T) {
	for _, l := range Layouts {
		names := []string{}
		for _, f := range storedLayout(l).Fields {
			if f.Kind == Identity || f.Kind == Private {
				t.Errorf("%s keeps %s", l.Feed, f.Name)
			}
			names = append(names, f.Name)
		}
		for _, k := range l.Key {
			if !slices.Contains(names, storedName(k)) {
				t.Errorf("%s: the key's %s is not kept", l.Feed, k)
			}
		}
		if builders[l.Feed] == nil {
			t.Errorf("nothing reads rows of %s", l.Feed)
		}
	}
}
