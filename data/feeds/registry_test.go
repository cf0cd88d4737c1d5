package feeds

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/parus-lending/parus/data/vector"
)

// A registry as a folder: tables as CSV named with the county's code, CBF as a
// layer of a GeoPackage. By hand: zhang holds parcels A and B by one contract of
// 1998–2028; B is leased to the co-op by a transfer that CBDKXX names; a second
// transfer counts two parcels, as the contract has; a third names nothing and
// vouches for its 2 mu only.
func TestRegistryFolder(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	people := [][]any{{zhangCode, "1", "张大山", "1", zhang}, {liCode, "1", "李小雀", "1", li}, {coopCode, "3", "山雀合作社", "3", coop}}
	var features []vector.Feature
	for _, p := range people {
		features = append(features, vector.Feature{Values: p})
	}
	fields := []vector.Field{{Name: "CBFBM"}, {Name: "CBFLX"}, {Name: "CBFMC"}, {Name: "CBFZJLX"}, {Name: "CBFZJHM"}}
	if err := vector.WriteGPKG(filepath.Join(dir, "people.gpkg"), "CBF", 4490, fields, features); err != nil {
		t.Fatal(err)
	}
	hand := zhangCode + "J"
	write("FBF341523.csv", "FBFBM,FBFMC\n34152310020101,山雀镇小南村\n")
	write("CBHT341523.csv", "CBHTBM,CBFBM,CBQXQ,CBQXZ\n"+hand+","+zhangCode+",1998-10-01,2028-09-30\n")
	write("CBDKXX.csv", "DKBM,FBFBM,CBFBM,CBJYQQDFS,HTMJ,CBHTBM,LZHTBM\n"+
		parcelA+",34152310020101,"+zhangCode+",110,1000,"+hand+",\n"+parcelB+",34152310020101,"+zhangCode+",110,2000,"+hand+",341523100201010007\n")
	write("LZHT.csv", "CBHTBM,LZHTBM,CBFBM,SRFBM,LZFS,LZQXKSRQ,LZQXJSRQ,LZMJM,LZDKS,HTQDRQ\n"+
		hand+",341523100201010007,"+zhangCode+","+coopCode+",出租,2023-01-01,2027-12-31,3,1,2022-11-10\n"+
		hand+",341523100201010008,"+zhangCode+","+liCode+",出租,2021-01-01,2022-12-31,4.5,2,2020-11-10\n"+
		",341523100201010009,"+liCode+","+coopCode+",出租,2023-01-01,2027-12-31,2,1,2022-11-10\n")
	opt := options(t, filepath.Join(t.TempDir(), "records"))
	for turn := range 2 {
		done, err := ImportRegistry(context.Background(), dir, opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range done {
			if i.Rejected != 0 || turn == 1 && i.New != 0 {
				b, _ := os.ReadFile(i.Rejects)
				t.Errorf("turn %d, %s: %+v\n%s", turn, i.Feed, i, b)
			}
		}
		if len(done) != 4 {
			t.Errorf("%d feeds imported, want issuers, contractors, contracts, transfers", len(done))
		}
	}
	l, err := Load(context.Background(), nil, Options{Store: opt.Store, County: "341523"})
	if err != nil {
		t.Fatal(err)
	}
	c, tr := l.Records.Contracts, l.Records.Transfers
	if len(c) != 2 || c[0].ValidFrom != day("1998-10-01") || c[1].ValidTo != day("2028-09-30") || c[0].AreaM2 != 1000 || c[0].GrowerID != opt.Key.GrowerID(zhang) {
		t.Errorf("contracts %+v", c)
	}
	if len(tr) != 4 || tr[0].ParcelID != parcelB || tr[0].To != opt.Key.GrowerID(coop) || tr[1].ParcelID != parcelA || tr[2].ParcelID != parcelB || tr[1].AreaM2 != 0 ||
		tr[3].ParcelID != "" || tr[3].AreaM2 < 1333 || tr[3].AreaM2 > 1334 {
		t.Errorf("transfers %+v", tr)
	}
	if _, err := ImportRegistry(context.Background(), t.TempDir(), opt); err == nil {
		t.Error("a folder without tables was imported")
	}
}
