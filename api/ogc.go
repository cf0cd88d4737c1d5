package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/goccy/go-yaml"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
)

// OGC API – Features for other systems: Part 1 (Core, OpenAPI 3, GeoJSON) and
// Part 2 (CRS). A collection holds the newest run of each county of the asker.

var ogcConforms = []string{
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
}

// ogcTexts name the collections.
var ogcTexts = map[string][2]string{
	"parcels":   {"Parcels 地块", "Parcels of the newest run of each county, with what was seen on their plot."},
	"decisions": {"Decisions 决策", "Decisions of the newest run of each county; the geometry is all land of the grower in the run."},
}

const (
	ogcJSON = "application/json"
	ogcGeo  = "application/geo+json"
	ogcOpen = "application/vnd.oai.openapi+json;version=3.0"
)

// base is the address of the service as the asker wrote it.
func base(c *gin.Context) string {
	scheme := "http"
	if c.Request.TLS != nil || c.GetHeader("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + c.Request.Host
}

func ogcLink(c *gin.Context, rel, path, kind, title string) contract.OgcLink {
	l := contract.OgcLink{Rel: rel, Href: base(c) + path, Type: &kind}
	if title != "" {
		l.Title = &title
	}
	return l
}

// known refuses parameters that the contract does not name for the operation,
// which q holds, as the standard wants.
func known(c *gin.Context, q any, format *string) error {
	names := map[string]bool{}
	for _, f := range reflect.VisibleFields(reflect.TypeOf(q)) {
		name, _, _ := strings.Cut(f.Tag.Get("form"), ",")
		names[name] = true
	}
	for name := range c.Request.URL.Query() {
		if !names[name] {
			return fmt.Errorf("%w: there is no parameter %q here", errQuestion, name)
		}
	}
	if format != nil && *format != "json" {
		return fmt.Errorf("%w: f: only json is there", errQuestion)
	}
	return nil
}

func (s *server) GetOgcLandingPage(c *gin.Context, q contract.GetOgcLandingPageParams) {
	s.answer(c, contract.OgcPage{Title: "Parus", Description: "Land and decisions of Parus.", Links: []contract.OgcLink{
		ogcLink(c, "self", "/ogc", ogcJSON, ""), ogcLink(c, "service-desc", "/ogc/api", ogcOpen, "The contract"),
		ogcLink(c, "conformance", "/ogc/conformance", ogcJSON, ""), ogcLink(c, "data", "/ogc/collections", ogcJSON, ""),
	}}, known(c, q, q.F))
}

func (s *server) GetOgcApi(c *gin.Context, q contract.GetOgcApiParams) {
	if err := known(c, q, q.F); err != nil {
		s.answer(c, nil, err)
		return
	}
	text, err := yaml.YAMLToJSON(openAPI)
	if err == nil {
		c.Header("Content-Type", ogcOpen)
	}
	s.answer(c, json.RawMessage(text), err)
}

func (s *server) GetOgcConformance(c *gin.Context, q contract.GetOgcConformanceParams) {
	s.answer(c, map[string][]string{"conformsTo": ogcConforms}, known(c, q, q.F))
}

func (s *server) ListOgcCollections(c *gin.Context, q contract.ListOgcCollectionsParams) {
	runs, err := s.Store.RunsToTell(c.Request.Context(), asker(c), "", 0)
	if err == nil {
		err = known(c, q, q.F)
	}
	out := []contract.OgcCollection{}
	for _, kind := range []string{"parcels", "decisions"} {
		if slices.Contains(s.roles["GET /ogc/collections/"+kind], asker(c).Role) {
			out = append(out, collectionOf(c, kind, runs))
		}
	}
	s.answer(c, gin.H{"links": []contract.OgcLink{ogcLink(c, "self", "/ogc/collections", ogcJSON, "")}, "collections": out}, err)
}

func (s *server) GetOgcParcels(c *gin.Context, q contract.GetOgcParcelsParams) {
	s.collection(c, "parcels", known(c, q, q.F))
}

func (s *server) GetOgcDecisions(c *gin.Context, q contract.GetOgcDecisionsParams) {
	s.collection(c, "decisions", known(c, q, q.F))
}

func (s *server) collection(c *gin.Context, kind string, err error) {
	var runs []store.Run
	if err == nil {
		runs, err = s.Store.RunsToTell(c.Request.Context(), asker(c), "", 0)
	}
	s.answer(c, collectionOf(c, kind, runs), err)
}

func collectionOf(c *gin.Context, kind string, runs []store.Run) contract.OgcCollection {
	path := "/ogc/collections/" + kind
	out := contract.OgcCollection{Id: kind, Title: ogcTexts[kind][0], Description: ogcTexts[kind][1], ItemType: "feature", StorageCrs: crs84, Crs: []string{},
		Links: []contract.OgcLink{ogcLink(c, "self", path, ogcJSON, ""), ogcLink(c, "items", path+"/items", ogcGeo, ogcTexts[kind][0])}}
	for _, crs := range ogcCRSs(runs) {
		out.Crs = append(out.Crs, crs.uri)
	}
	box := []float64{-180, -90, 180, 90}
	var days []string
	for i, r := range runs {
		days = append(days, r.AsOf)
		if len(r.BBox) != 4 {
			continue
		}
		if i == 0 {
			box = slices.Clone(r.BBox)
		}
		box = []float64{min(box[0], r.BBox[0]), min(box[1], r.BBox[1]), max(box[2], r.BBox[2]), max(box[3], r.BBox[3])}
	}
	out.Extent = map[string]any{"spatial": map[string]any{"bbox": [][]float64{box}, "crs": crs84}}
	if kind == "decisions" && len(days) > 0 {
		out.Extent["temporal"] = map[string]any{"interval": [][]string{{slices.Min(days) + "T00:00:00Z", slices.Max(days) + "T00:00:00Z"}}, "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
	}
	return out
}

func (s *server) ListOgcParcels(c *gin.Context, q contract.ListOgcParcelsParams) {
	s.items(c, "parcels", ogcQuestion{q.Limit, q.Bbox, q.BboxCrs, q.Datetime, q.Crs, q.County, q.Run, q.Cursor, map[string]string{"plot_id": deref(q.PlotId), "grower_id": deref(q.GrowerId)}}, known(c, q, q.F))
}

func (s *server) ListOgcDecisions(c *gin.Context, q contract.ListOgcDecisionsParams) {
	s.items(c, "decisions", ogcQuestion{q.Limit, q.Bbox, q.BboxCrs, q.Datetime, q.Crs, q.County, q.Run, q.Cursor, map[string]string{"grower_id": deref(q.GrowerId), "outcome": deref(q.Outcome)}}, known(c, q, q.F))
}

// ogcQuestion is what items are asked for.
type ogcQuestion struct {
	limit                    *int
	bbox, bboxCRS, when, crs *string
	county                   *string
	run                      *int32
	cursor                   *string
	where                    map[string]string
}

func (s *server) items(c *gin.Context, kind string, q ogcQuestion, err error) {
	page := store.Page{Limit: pageDefault, After: deref(q.cursor)}
	if q.limit != nil {
		page.Limit = min(*q.limit, pageMost)
	}
	if err == nil && page.Limit < 1 {
		err = fmt.Errorf("%w: limit must be 1 or more", errQuestion)
	}
	page.Limit++ // one more tells whether there is a next page
	out := contract.OgcFeatures{Type: contract.FeatureCollection, Features: []contract.OgcFeature{}}
	var found []store.Feature
	var crs ogcCRS
	if err == nil {
		crs, found, out.NumberMatched, err = s.features(c, kind, q, page)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	path := "/ogc/collections/" + kind
	out.Links = []contract.OgcLink{ogcLink(c, "self", c.Request.URL.RequestURI(), ogcGeo, ""), ogcLink(c, "collection", path, ogcJSON, "")}
	if len(found) == page.Limit {
		found = found[:page.Limit-1]
		last := found[len(found)-1]
		next := c.Request.URL.Query()
		next.Set("cursor", fmt.Sprintf("%d/%s", last.Run, last.ID))
		out.Links = append(out.Links, ogcLink(c, "next", path+"/items?"+next.Encode(), ogcGeo, ""))
	}
	for i := range found {
		out.Features = append(out.Features, featureOf(&found[i]))
	}
	out.NumberReturned = len(out.Features)
	s.geo(c, crs, out)
}

// features asks the store what a question means.
func (s *server) features(c *gin.Context, kind string, q ogcQuestion, page store.Page) (crs ogcCRS, found []store.Feature, matched int64, err error) {
	ctx, a := c.Request.Context(), asker(c)
	runs, err := s.Store.RunsToTell(ctx, a, deref(q.county), deref(q.run))
	if err != nil {
		return crs, nil, 0, err
	}
	if len(runs) == 0 && (q.run != nil || q.county != nil) {
		return crs, nil, 0, store.ErrNone
	}
	all := ogcCRSs(runs)
	if crs, err = crsNamed("crs", q.crs, all); err != nil {
		return crs, nil, 0, err
	}
	where := store.FeatureQuery{Runs: []int32{}, Where: q.where, SRID: crs.srid, Swap: crs.swap, Places: crs.places, BoxSRID: 4326}
	for _, r := range runs {
		where.Runs = append(where.Runs, r.ID)
	}
	if where.From, where.To, err = ogcDays(deref(q.when)); err != nil {
		return crs, nil, 0, err
	}
	of, err := crsNamed("bbox-crs", q.bboxCRS, all)
	if err == nil && q.bbox != nil {
		nothing := false
		where.BoxSRID = of.srid
		if where.Box, nothing, err = ogcBox(*q.bbox, of); err == nil && nothing {
			return crs, nil, 0, nil
		}
	}
	if err != nil {
		return crs, nil, 0, err
	}
	found, matched, err = s.Store.Features(ctx, a, kind, where, page)
	return crs, found, matched, err
}

func (s *server) GetOgcParcel(c *gin.Context, id string, q contract.GetOgcParcelParams) {
	s.item(c, "parcels", id, q.Crs, q.Run, known(c, q, q.F))
}

func (s *server) GetOgcDecision(c *gin.Context, id string, q contract.GetOgcDecisionParams) {
	s.item(c, "decisions", id, q.Crs, q.Run, known(c, q, q.F))
}

func (s *server) item(c *gin.Context, kind, id string, uri *string, run *int32, err error) {
	ctx, a := c.Request.Context(), asker(c)
	var runs []store.Run
	if err == nil {
		runs, err = s.Store.RunsToTell(ctx, a, "", deref(run))
	}
	crs, bad := crsNamed("crs", uri, ogcCRSs(runs))
	if err == nil {
		err = bad
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	where := store.FeatureQuery{Runs: []int32{}, ID: id, SRID: crs.srid, Swap: crs.swap, Places: crs.places, BoxSRID: 4326}
	for _, r := range runs {
		where.Runs = append(where.Runs, r.ID)
	}
	found, _, err := s.Store.Features(ctx, a, kind, where, store.Page{Limit: 1})
	if err == nil && len(found) == 0 {
		err = store.ErrNone
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	out, path := featureOf(&found[0]), "/ogc/collections/"+kind
	out.Links = &[]contract.OgcLink{ogcLink(c, "self", path+"/items/"+url.PathEscape(id), ogcGeo, ""), ogcLink(c, "collection", path, ogcJSON, "")}
	s.geo(c, crs, out)
}

func featureOf(f *store.Feature) contract.OgcFeature {
	out := contract.OgcFeature{Type: contract.Feature, Id: f.ID, Properties: f.Properties}
	if f.Geometry != nil {
		out.Geometry = &f.Geometry
	}
	return out
}

// geo answers with GeoJSON and says in which CRS it is.
func (s *server) geo(c *gin.Context, crs ogcCRS, v any) {
	c.Header("Content-Crs", "<"+crs.uri+">")
	c.Header("Content-Type", ogcGeo)
	c.Status(http.StatusOK)
	s.write(c, v)
}
