package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// Pages by next, boxes in three CRSs, days and filters; each wanted count is
// worked from the squares of 0.0009° at steps of 0.001° from 115° E, 31° N.
func TestFeaturesThatAreAsked(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	zone := url.QueryEscape(uriEPSG + "4526")
	// By GDAL's gdaltransform, EPSG:4490 to EPSG:4526: (115.0005, 31.0005) is (38595553.8, 3431459.5), (115.0015, 31.0005) is (38595649.3, 3431460.3).
	for q, want := range map[string]int{
		"": 9, "limit=3": 3, "limit=99999": 9, "bbox=115.0005,30.9,115.0015,31.5": 2, "bbox=115.00095,30.9,115.00099,31.5": 0, "bbox=115.0005,30.9,-50,115.0015,31.5,9000": 2,
		"bbox=30.9,115.0005,31.5,115.0015&bbox-crs=" + url.QueryEscape(uriEPSG+"4326"): 2,
		"bbox=30.9,115.0005,31.5,115.0015&bbox-crs=" + url.QueryEscape(uriEPSG+"4490"): 2,
		"bbox=3431459,38595554,3431460,38595649&bbox-crs=" + zone:                      2,
		"bbox=0,0,1,1&bbox-crs=" + zone:                                                0,
		"bbox=170,-50,-170,50":                                                         0, // across the antimeridian
		"bbox=115.0035,-50,-170,50":                                                    6, // 115.003 to 115.008
		"datetime=1999-01-01":                                                          9, "datetime=../2030-01-01T00:00:00Z": 9, "f=json": 9, "grower_id=g341523-1": 1, "plot_id=P341523000002&county=341523": 1, "grower_id='": 0,
	} {
		v := s.get(t, officer, "/ogc/collections/parcels/items?"+q)
		if n := len(v["features"].([]any)); n != want || v["numberReturned"] != float64(want) {
			t.Errorf("%s: %d, want %d: %v", q, n, want, v["numberMatched"])
		}
	}
	for q, want := range map[string]int{"": 6, "datetime=2024-07-15": 6, "datetime=2024-07-15T20:00:00Z": 0, "datetime=2024-07-16/..": 0, "datetime=2024-01-01/2024-12-31": 6, "outcome=decline": 0, "outcome=admit&grower_id=g341523-3": 1, "bbox=115.0005,30.9,115.0015,31.5": 2} {
		if v := s.get(t, officer, "/ogc/collections/decisions/items?"+q); v["numberMatched"] != float64(want) {
			t.Errorf("decisions %s: %v, want %d", q, v["numberMatched"], want)
		}
	}
	seen, next := map[string]bool{}, s.URL+"/ogc/collections/parcels/items?limit=2&bbox=115,30,116,32&crs="+zone
	for pages := 0; next != ""; pages++ {
		res, text := s.page(t, officer, next)
		if res.StatusCode != 200 || pages > 4 {
			t.Fatal(next, res.Status, text)
		}
		for id := range featuresIn(t, text) {
			seen[id] = true
		}
		var v struct {
			NumberMatched int
			Links         []struct{ Rel, Href string }
		}
		if err := json.Unmarshal([]byte(text), &v); err != nil || v.NumberMatched != 9 {
			t.Error(err, v)
		}
		next = ""
		for _, l := range v.Links {
			if l.Rel == "next" {
				next = l.Href
			}
		}
	}
	if len(seen) != 9 {
		t.Errorf("%d parcels by next", len(seen))
	}
	for _, q := range []string{"limit=0", "limit=x", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=1,2,3,4,5,6,7", "bbox=NaN,0,1,1", "bbox=5,40,4,30", "bbox=0,0,1,1e9", "bbox=0,9,1,5", "bbox-crs=x&bbox=0,0,1,1", "crs=EPSG:4326", "crs=" + url.QueryEscape(uriEPSG+"3857"),
		"datetime=yesterday", "datetime=../..", "datetime=2024-02-01/2024-01-01", "colour=red", "f=html", "cursor=x", "cursor=1", "cursor=" + url.QueryEscape("1;DROP/x"), "county=34", "bbox=" + url.QueryEscape("0,0,1,1)'; DROP TABLE parus.run; --")} {
		if status, _ := s.ask(t, officer, "GET", "/ogc/collections/parcels/items?"+q, ""); status != http.StatusBadRequest {
			t.Errorf("%s: %d", q, status)
		}
	}
	land := s.get(t, officer, "/ogc")
	rels := fmt.Sprint(land["links"])
	for _, rel := range []string{"self", "service-desc", "conformance", "data"} {
		if !strings.Contains(rels, "rel:"+rel) {
			t.Errorf("no link %s: %s", rel, rels)
		}
	}
	if v := s.get(t, officer, "/ogc/conformance"); len(v["conformsTo"].([]any)) != 4 {
		t.Error(v)
	}
	if v := s.get(t, officer, "/ogc/api"); v["openapi"] != "3.0.3" {
		t.Error(v["openapi"])
	}
	c := s.get(t, officer, "/ogc/collections/parcels")
	if fmt.Sprint(c["crs"]) != fmt.Sprint([]string{uri84, uriEPSG + "4326", uriEPSG + "4490", uriEPSG + "4526", uriEPSG + "4547"}) || fmt.Sprint(c["extent"]) != "map[spatial:map[bbox:[[115 31 115.0089 31.0009]] crs:"+uri84+"]]" {
		t.Error(c["crs"], c["extent"])
	}
}

// Clerks see land and no decisions; another county's features are not there by
// whatever name.
func TestFeaturesAreKeptApart(t *testing.T) {
	s := newService(t)
	officer, clerk := s.as(t, "officer"), s.as(t, "clerk")
	for path, want := range map[string]int{"/ogc/collections/decisions": 403, "/ogc/collections/decisions/items": 403, "/ogc/collections/decisions/items/d341523-1": 403, "/ogc/collections/parcels/items": 200, "/ogc/collections": 200} {
		if status, v := s.ask(t, clerk, "GET", path, ""); status != want || path == "/ogc/collections" && len(v["collections"].([]any)) != 1 {
			t.Errorf("%s: %d, want %d: %v", path, status, want, v)
		}
	}
	for _, role := range []string{"partner", "model_owner"} {
		if status, _ := s.ask(t, s.as(t, role), "GET", "/ogc/collections/parcels/items", ""); status != 403 {
			t.Errorf("%s: %d", role, status)
		}
	}
	runs := s.get(t, officer, "/v1/runs?county=341523")["list"].([]any)
	other := 3 - int(runs[0].(map[string]any)["id"].(float64))
	for _, path := range []string{"/ogc/collections/parcels/items/4116220000000000001", "/ogc/collections/parcels/items?county=411622", fmt.Sprintf("/ogc/collections/parcels/items?run=%d", other),
		fmt.Sprintf("/ogc/collections/decisions/items/d411622-1?run=%d", other), "/ogc/collections/decisions/items/d411622-1", "/ogc/collections/parcels/items/' OR '1'='1", "/ogc/collections/runs", "/ogc/collections/..%2f..%2fetc"} {
		if status, v := s.ask(t, officer, "GET", strings.ReplaceAll(path, " ", "%20"), ""); status != http.StatusNotFound {
			t.Errorf("%s: %d %v", path, status, v)
		}
	}
	for _, cursor := range []string{fmt.Sprintf("%d/", other), "0/", "-5/x"} {
		v := s.get(t, officer, "/ogc/collections/parcels/items?limit=100&cursor="+url.QueryEscape(cursor))
		for _, f := range v["features"].([]any) {
			if !strings.HasPrefix(f.(map[string]any)["id"].(string), "341523") {
				t.Errorf("cursor %s gives %v", cursor, f)
			}
		}
	}
}
