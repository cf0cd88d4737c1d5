package raster

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

// stubAPI is a STAC API of five items, in pages of two. It filters nothing but
// by what it is told, and remembers what it was asked.
type stubAPI struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []map[string]any
	urls   []string
	fails  int // answers of 503 before the first page

	landing string // links and conformance of the landing page
	next    func(n int, query string) string
	refuse  func(body map[string]any) int
	broken  int // item that is given broken, from 1
	length  string
}

func stubItem(n int) string {
	return fmt.Sprintf(`{"type":"Feature","stac_version":"1.0.0","id":"S2_%d","collection":"sentinel-2-l2a","bbox":[%d,31,%d.5,32],"geometry":null,
"properties":{"datetime":"2024-06-%02dT03:00:00Z","proj:epsg":32650,"eo:cloud_cover":%d,"grid:code":"MGRS-50SKA"},
"links":[{"rel":"self","href":"../collections/s2/items/S2_%d"}],
"assets":{"red":{"href":"s3://bucket/%d/B04.tif","proj:shape":[100,100],"proj:transform":[10,0,600000,0,-10,3500000]},"scl":{"href":"SCL.tif"}}}`, n, 110+n, 110+n, n, 10*n, n, n)
}

func newStub(t *testing.T, s *stubAPI) *stubAPI {
	t.Helper()
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch {
		case r.URL.Path == "/v1":
			fmt.Fprintf(w, `{"type":"Catalog","id":"api",%s}`, s.landing)
		case r.URL.Path == "/v1/collections/sentinel-2-l2a":
			io.WriteString(w, `{"type":"Collection","id":"sentinel-2-l2a","links":[{"rel":"root","href":"/v1"},{"rel":"items","href":"/v1/collections/sentinel-2-l2a/items"}]}`)
		case r.Method == http.MethodHead:
			w.Header().Set("ETag", `"`+r.URL.Path+`"`)
		case r.URL.Path == "/v1/search":
			var body map[string]any
			b, _ := io.ReadAll(r.Body)
			if err := json.Unmarshal(b, &body); r.Method == http.MethodPost && err != nil {
				t.Errorf("body %s: %v", b, err)
			}
			s.bodies, s.urls = append(s.bodies, body), append(s.urls, r.Method+" "+r.URL.RequestURI())
			if s.fails > 0 {
				s.fails--
				w.Header().Set("Retry-After", s.length)
				http.Error(w, "busy", http.StatusTooManyRequests+s.fails*74) // 503, then 429
				return
			}
			if s.refuse != nil {
				if code := s.refuse(body); code != 0 {
					http.Error(w, "cannot do that", code)
					return
				}
			}
			from := 1
			fmt.Sscan(r.URL.Query().Get("token"), &from)
			if v, ok := body["token"].(float64); ok {
				from = int(v)
			}
			var items []string
			for n := from; n < from+2 && n <= 5; n++ {
				if n == s.broken {
					items = append(items, `{"type":"Feature","id":"S2_broken","properties":{"datetime":"yesterday"}}`)
					continue
				}
				items = append(items, stubItem(n))
			}
			fmt.Fprintf(w, `{"type":"FeatureCollection","features":[%s],"links":[%s]}`, strings.Join(items, ","), s.next(from+2, r.URL.RawQuery))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func postNext(n int, _ string) string {
	if n > 5 {
		return ""
	}
	return fmt.Sprintf(`{"rel":"next","href":"/v1/search","method":"POST","merge":true,"body":{"token":%d}}`, n)
}

func getNext(n int, query string) string {
	if n > 5 {
		return ""
	}
	return fmt.Sprintf(`{"rel":"next","href":"/v1/search?%s&token=%d"}`, strings.ReplaceAll(strings.Split(query, "&token")[0], `"`, "%22"), n)
}

const postLanding = `"conformsTo":["https://api.stacspec.org/v1.0.0/item-search"],"links":[{"rel":"search","href":"/v1/search","method":"GET"},{"rel":"search","href":"/v1/search","method":"POST"}]`

func ids(scenes []Scene) string {
	var out []string
	for _, s := range scenes {
		out = append(out, strings.TrimPrefix(s.ID, "S2_"))
	}
	return strings.Join(out, " ")
}

// The pages of POST with a body that is merged, after a 503 and a 429.
func TestSearchByPost(t *testing.T) {
	s := newStub(t, &stubAPI{landing: postLanding, next: postNext, fails: 2, length: "0"})
	cloud := 40.0
	box := orb.Bound{Min: orb.Point{111, 31}, Max: orb.Point{120, 32}}
	l, err := ListCatalog(context.Background(), s.URL+"/v1", CatalogOptions{Collections: []string{"sentinel-2-l2a"}, BBox: &box, MaxCloud: &cloud,
		From: time.Date(2024, 6, 2, 0, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	// Item 1 is of 1 June, item 5 has 50 % cloud: the stub gave them all the same.
	if ids(l.Scenes) != "2 3 4" || len(l.LeftOut) != 2 || !strings.Contains(l.LeftOut[0].Why, "before 2024-06-02") || !strings.Contains(l.LeftOut[1].Why, "50.0 % cloud") || len(l.Warnings) != 0 {
		t.Errorf("listing %s, left %v, warnings %v", ids(l.Scenes), l.LeftOut, l.Warnings)
	}
	a := l.Scenes[0].Assets
	if a[B04].Href != "s3://bucket/2/B04.tif" || a[SCL].Href != s.URL+"/collections/s2/items/SCL.tif" || a[SCL].ETag == "" {
		t.Errorf("assets %+v", a)
	}
	if len(s.bodies) != 5 {
		t.Fatalf("%d requests, want 2 failed and 3 pages", len(s.bodies))
	}
	last := s.bodies[4]
	want := map[string]any{"collections": []any{"sentinel-2-l2a"}, "bbox": []any{111.0, 31.0, 120.0, 32.0}, "limit": 100.0, "token": 5.0,
		"datetime": "2024-06-02T00:00:00Z/..", "query": map[string]any{"eo:cloud_cover": map[string]any{"lte": 40.0}}}
	if fmt.Sprint(last) != fmt.Sprint(want) {
		t.Errorf("body %v, want %v", last, want)
	}
}

// An API that only knows GET, given by the address of its collection; next
// pages by href.
func TestSearchByGet(t *testing.T) {
	s := newStub(t, &stubAPI{landing: `"links":[{"rel":"search","href":"/v1/search","method":"GET"}]`, next: getNext})
	poly := orb.Polygon{{{110.9, 31.5}, {112.2, 31.4}, {112.2, 31.6}, {110.9, 31.5}}}
	l, err := ListCatalog(context.Background(), s.URL+"/v1/collections/sentinel-2-l2a", CatalogOptions{Geometry: poly})
	if err != nil {
		t.Fatal(err)
	}
	if ids(l.Scenes) != "1 2" || len(l.LeftOut) != 3 {
		t.Errorf("scenes %s, left out %v", ids(l.Scenes), l.LeftOut)
	}
	if len(s.urls) != 3 || !strings.Contains(s.urls[2], "collections=sentinel-2-l2a") || !strings.Contains(s.urls[2], "intersects=%7B") || !strings.Contains(s.urls[2], "token=5") {
		t.Errorf("asked %q", s.urls)
	}
}

// Where the API conforms to CQL2 filters, radar that tells no cloud cover is
// kept by the filter itself; an API that refuses filters is asked without; one
// that refuses POST by GET.
func TestSearchDialects(t *testing.T) {
	cloud := 30.0
	cql := newStub(t, &stubAPI{landing: strings.Replace(postLanding, `item-search"`, `item-search","https://api.stacspec.org/v1.0.0-rc.2/item-search#filter"`, 1), next: postNext})
	if l, err := ListCatalog(context.Background(), cql.URL+"/v1", CatalogOptions{MaxCloud: &cloud}); err != nil || ids(l.Scenes) != "1 2 3" {
		t.Errorf("%v %v", ids(l.Scenes), err)
	}
	want := `map[args:[map[args:[map[property:eo:cloud_cover] 30] op:<=] map[args:[map[property:eo:cloud_cover]] op:isNull]] op:or]`
	if got := fmt.Sprint(cql.bodies[0]["filter"]); got != want || cql.bodies[0]["filter-lang"] != "cql2-json" {
		t.Errorf("filter %s", got)
	}
	plain := newStub(t, &stubAPI{landing: postLanding, next: postNext, refuse: func(b map[string]any) int {
		if b["query"] != nil {
			return http.StatusBadRequest
		}
		return 0
	}})
	if l, err := ListCatalog(context.Background(), plain.URL+"/v1", CatalogOptions{MaxCloud: &cloud}); err != nil || ids(l.Scenes) != "1 2 3" {
		t.Errorf("%v %v", ids(l.Scenes), err)
	}
	noPost := newStub(t, &stubAPI{landing: `"conformsTo":["https://api.stacspec.org/v1.0.0/item-search"],"links":[]`, next: getNext, refuse: func(b map[string]any) int {
		if b != nil {
			return http.StatusMethodNotAllowed
		}
		return 0
	}})
	if l, err := ListCatalog(context.Background(), noPost.URL+"/v1", CatalogOptions{}); err != nil || ids(l.Scenes) != "1 2 3 4 5" {
		t.Errorf("%v %v", ids(l.Scenes), err)
	}
}

// A broken item is a warning, a loop ends with one, an empty page ends, and a
// search that breaks off is an error: half a season must not pass for one.
func TestSearchFaults(t *testing.T) {
	broken := newStub(t, &stubAPI{landing: postLanding, next: postNext, broken: 3})
	l, err := ListCatalog(context.Background(), broken.URL+"/v1", CatalogOptions{})
	if err != nil || ids(l.Scenes) != "1 2 4 5" || len(l.Warnings) != 1 || l.Warnings[0].Code != "unreadable_item" || !strings.Contains(l.Warnings[0].Subject, "S2_broken") {
		t.Errorf("%s, %v, %v", ids(l.Scenes), l.Warnings, err)
	}
	same := newStub(t, &stubAPI{landing: postLanding, next: func(int, string) string {
		return `{"rel":"next","href":"/v1/search","method":"POST","merge":true,"body":{"token":3}}`
	}})
	l, err = ListCatalog(context.Background(), same.URL+"/v1", CatalogOptions{})
	if err != nil || ids(l.Scenes) != "1 2 3 4" || len(l.Warnings) != 1 || l.Warnings[0].Code != "search_loop" {
		t.Errorf("%s, %v, %v", ids(l.Scenes), l.Warnings, err)
	}
	turns := 0
	turning := newStub(t, &stubAPI{landing: postLanding, next: func(int, string) string { // a new address each time, the same items
		turns++
		return fmt.Sprintf(`{"rel":"next","href":"/v1/search?turn=%d"}`, turns)
	}})
	l, err = ListCatalog(context.Background(), turning.URL+"/v1", CatalogOptions{})
	if err != nil || ids(l.Scenes) != "1 2" || len(l.Warnings) != 1 || turns != 2 {
		t.Errorf("%s, %v, %v, %d turns", ids(l.Scenes), l.Warnings, err, turns)
	}
	empty := newStub(t, &stubAPI{landing: postLanding, next: func(n int, _ string) string {
		return fmt.Sprintf(`{"rel":"next","href":"/v1/search","method":"POST","body":{"token":%d}}`, n)
	}})
	l, err = ListCatalog(context.Background(), empty.URL+"/v1", CatalogOptions{})
	if err != nil || ids(l.Scenes) != "1 2 3 4 5" || len(l.Warnings) != 0 || len(empty.bodies) != 4 {
		t.Errorf("%s, %v, %v, %d requests", ids(l.Scenes), l.Warnings, err, len(empty.bodies))
	}
	breaks := newStub(t, &stubAPI{landing: postLanding, next: postNext, refuse: func(b map[string]any) int {
		if b["token"] != nil {
			return http.StatusForbidden
		}
		return 0
	}})
	if _, err = ListCatalog(context.Background(), breaks.URL+"/v1", CatalogOptions{}); err == nil || !strings.Contains(err.Error(), "page 2 (2 items so far)") || !strings.Contains(err.Error(), "403") {
		t.Errorf("error %v", err)
	}
	if _, err = ListCatalog(context.Background(), "s3://bucket/catalog.json", CatalogOptions{}); err == nil || !strings.Contains(err.Error(), "https address") {
		t.Errorf("error %v", err)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for v, want := range map[string]time.Duration{
		"": 0, "3": 3 * time.Second, "-1": 0, "99999999999999": maxRetryAfter, "86400": maxRetryAfter, "soon": 0,
		"Mon, 01 Jan 2024 00:00:07 GMT": 7 * time.Second, "Sun, 31 Dec 2023 00:00:00 GMT": 0,
	} {
		got := retryAfter(http.Header{"Retry-After": {v}}, now)
		if got != want {
			t.Errorf("Retry-After %q: %v, want %v", v, got, want)
		}
	}
}

// Polygons drawn by hand: a cross whose corners all lie outside each other, a
// ring around, neighbours that touch, and ones whose boxes meet but not they.
func TestPolygonsMeet(t *testing.T) {
	rect := func(x0, y0, x1, y1 float64) orb.Polygon {
		return orb.Bound{Min: orb.Point{x0, y0}, Max: orb.Point{x1, y1}}.ToPolygon()
	}
	hole := append(rect(0, 0, 10, 10), orb.Ring(rect(2, 2, 8, 8)[0]))
	for _, c := range []struct {
		name string
		a, b orb.Polygon
		want bool
	}{
		{"cross", rect(0, 4, 10, 6), rect(4, 0, 6, 10), true},
		{"inside", rect(0, 0, 10, 10), rect(4, 4, 5, 5), true},
		{"touch", rect(0, 0, 1, 1), rect(1, 0, 2, 1), true},
		{"in the hole", hole, rect(4, 4, 5, 5), false},
		{"boxes only", orb.Polygon{{{0, 0}, {10, 0}, {0, 10}, {0, 0}}}, rect(8, 8, 9, 9), false},
		{"apart", rect(0, 0, 1, 1), rect(3, 3, 4, 4), false},
	} {
		if polygonsMeet(c.a, c.b) != c.want || polygonsMeet(c.b, c.a) != c.want {
			t.Errorf("%s: want %v", c.name, c.want)
		}
	}
}

func FuzzSearchPage(f *testing.F) {
	f.Add([]byte(`{"type":"FeatureCollection","features":[`+stubItem(1)+`],"links":[`+postNext(3, "")+`]}`), []byte(`{"limit":100}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[],"links":[{"rel":"next","href":"?token=1"}]}`), []byte(`{}`))
	f.Add([]byte(`{"type":"FeatureCollection","links":[{"rel":"next","href":"x","method":"post","body":[1]}]}`), []byte(`null`))
	f.Fuzz(func(t *testing.T, b, body []byte) {
		at := page{method: http.MethodPost, href: "https://example.org/v1/search"}
		if json.Unmarshal(body, &at.body) != nil {
			return
		}
		before := at.key()
		items, next, err := parsePage(b, at)
		if at.key() != before {
			t.Error("the page's own request was changed")
		}
		if err != nil && (items != nil || next != nil) {
			t.Error("an error with a result")
		}
		if next != nil && (next.href == "" || next.method == http.MethodGet && next.body != nil) {
			t.Errorf("next page %+v", next)
		}
		for _, raw := range items {
			itemName(raw, at.href)
		}
	})
}
