package raster

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// pageItems is how many items a page of a search is asked to hold, maxFound how
// many items a search may find: more means that the place was forgotten.
const (
	pageItems = 100
	maxFound  = 50_000
)

// stacAPI is a STAC API's item search as its landing page describes it.
type stacAPI struct {
	url         string
	post        bool
	filter      bool     // CQL2 JSON filters, else the query extension is assumed
	collections []string // of the options, or the one whose address was given
}

// api tells whether a document is the landing page of a STAC API, or a
// collection of one (it lists its items by a link rel "items").
func (c *catalogReader) api(d stacDoc, href string) (stacAPI, bool, error) {
	if d.Type == "Collection" {
		root, items := "", false
		for _, l := range d.Links {
			switch l.Rel {
			case "root":
				root = resolve(href, l.Href)
			case "items":
				items = true
			case "item", "child":
				return stacAPI{}, false, nil
			}
		}
		if !items || root == "" || root == href {
			return stacAPI{}, false, nil
		}
		b, err := c.get(root)
		if err != nil {
			return stacAPI{}, false, fmt.Errorf("the landing page of its API: %w", err)
		}
		var landing stacDoc
		if err := json.Unmarshal(b, &landing); err != nil {
			return stacAPI{}, false, fmt.Errorf("%s: %w", root, err)
		}
		api, ok := landingAPI(landing, root)
		api.collections = []string{d.ID}
		return api, ok, nil
	}
	api, ok := landingAPI(d, href)
	api.collections = c.opt.Collections
	return api, ok, nil
}

func landingAPI(d stacDoc, href string) (api stacAPI, ok bool) {
	if d.Type != "Catalog" && d.Type != "" {
		return api, false
	}
	for _, l := range d.Links {
		if l.Rel == "search" && (!ok || strings.EqualFold(l.Method, http.MethodPost)) {
			api.url, ok = resolve(href, l.Href), true
			api.post = !strings.EqualFold(l.Method, http.MethodGet)
		}
	}
	for _, class := range d.ConformsTo {
		if strings.Contains(class, "item-search") && !ok {
			api.url, api.post, ok = strings.TrimSuffix(href, "/")+"/search", true, true
		}
		api.filter = api.filter || strings.Contains(class, "item-search#filter") || strings.HasSuffix(class, "/cql2-json")
	}
	return api, ok
}

// search asks a STAC API for the scenes of the options and follows its pages.
func (c *catalogReader) search(api stacAPI) error {
	c.searched = true
	cloud := c.opt.MaxCloud != nil && c.serverKnowsCloud(api)
	first := func() page {
		if api.post {
			return page{http.MethodPost, api.url, c.searchBody(api, cloud)}
		}
		return page{http.MethodGet, c.searchURL(api), nil}
	}
	at, asked, known := first(), map[string]bool{}, map[string]bool{}
	for n := 1; ; n++ {
		asked[at.key()] = true
		var body []byte
		if at.body != nil {
			var err error
			if body, err = json.Marshal(at.body); err != nil {
				return err
			}
		}
		b, _, err := c.fetch(at.method, at.href, body)
		if n == 1 && err != nil {
			var refused *statusError
			if errors.As(err, &refused) && cloud { // it may know no such filter; scenes are filtered here anyway
				cloud = false
				at, n = first(), 0
				continue
			}
			if errors.As(err, &refused) && api.post && (refused.code == http.StatusMethodNotAllowed || refused.code == http.StatusNotFound) {
				api.post = false
				at, n = first(), 0
				continue
			}
		}
		if err != nil {
			return fmt.Errorf("search, page %d (%d items so far): %w", n, len(known), err)
		}
		items, next, err := parsePage(b, at)
		if err != nil {
			return fmt.Errorf("search, page %d of %s: %w", n, at.href, err)
		}
		fresh := 0
		for i, raw := range items {
			id, base := itemName(raw, at.href)
			if id != "" && known[id] {
				continue
			}
			if id == "" {
				id = fmt.Sprintf("page %d, item %d", n, i+1)
			}
			fresh++
			known[id] = true
			c.found(raw, base, fmt.Sprintf("%s (%s)", at.href, id))
		}
		switch {
		case next == nil || len(items) == 0:
			return c.ctx.Err()
		case asked[next.key()] || fresh == 0:
			c.warns = append(c.warns, Warning{"search_loop", at.href, fmt.Sprintf("page %d leads back to items already given; the search was ended there with %d items", n, len(known))})
			return nil
		case len(known) > maxFound:
			return fmt.Errorf("search %s: more than %d items: name the collections, the dates and the place (a bounding box)", api.url, maxFound)
		}
		at = *next
	}
}

func (c *catalogReader) found(raw []byte, base, subject string) {
	c.items++
	s, err := parseItem(raw, func(h string) string { return resolve(base, h) })
	if err != nil {
		c.warns = append(c.warns, Warning{"unreadable_item", subject, err.Error()})
		return
	}
	c.scenes = append(c.scenes, s)
}

// itemName is the key of an item (collection and ID) and the address its
// relative hrefs start from: its own link "self", else the page's.
func itemName(raw []byte, page string) (id, base string) {
	var d struct {
		ID         string     `json:"id"`
		Collection string     `json:"collection"`
		Links      []stacLink `json:"links"`
	}
	base = page
	if json.Unmarshal(raw, &d) != nil || d.ID == "" {
		return "", base
	}
	for _, l := range d.Links {
		if l.Rel == "self" && l.Href != "" {
			base = resolve(page, l.Href)
		}
	}
	return d.Collection + "/" + d.ID, base
}

// serverKnowsCloud: with the query extension, items that tell no cloud cover
// would be lost, so radar is asked for without.
func (c *catalogReader) serverKnowsCloud(api stacAPI) bool {
	if api.filter {
		return true
	}
	for _, name := range api.collections {
		n := strings.ToLower(name)
		if strings.Contains(n, "sentinel-1") || strings.Contains(n, "s1") || strings.Contains(n, "sar") || strings.Contains(n, "rtc") || strings.Contains(n, "grd") {
			return false
		}
	}
	return true
}

// searchBody is the body of POST /search (STAC API, Item Search).
func (c *catalogReader) searchBody(api stacAPI, cloud bool) map[string]any {
	body := map[string]any{"limit": pageItems}
	if len(api.collections) > 0 {
		body["collections"] = api.collections
	}
	if r := c.datetime(); r != "" {
		body["datetime"] = r
	}
	switch {
	case c.opt.Geometry != nil:
		body["intersects"] = c.geometry()
	case c.opt.BBox != nil:
		body["bbox"] = bboxOf(*c.opt.BBox)
	}
	switch {
	case cloud && api.filter:
		property := map[string]any{"property": "eo:cloud_cover"}
		body["filter-lang"] = "cql2-json"
		body["filter"] = map[string]any{"op": "or", "args": []any{
			map[string]any{"op": "<=", "args": []any{property, *c.opt.MaxCloud}},
			map[string]any{"op": "isNull", "args": []any{property}},
		}}
	case cloud:
		body["query"] = map[string]any{"eo:cloud_cover": map[string]any{"lte": *c.opt.MaxCloud}}
	}
	return body
}

// searchURL is the address of GET /search; clouds are filtered here.
func (c *catalogReader) searchURL(api stacAPI) string {
	q := url.Values{"limit": {strconv.Itoa(pageItems)}}
	if len(api.collections) > 0 {
		q.Set("collections", strings.Join(api.collections, ","))
	}
	if r := c.datetime(); r != "" {
		q.Set("datetime", r)
	}
	switch {
	case c.opt.Geometry != nil:
		if b, err := json.Marshal(c.geometry()); err == nil {
			q.Set("intersects", string(b))
		}
	case c.opt.BBox != nil:
		var parts []string
		for _, v := range bboxOf(*c.opt.BBox) {
			parts = append(parts, strconv.FormatFloat(v, 'f', -1, 64))
		}
		q.Set("bbox", strings.Join(parts, ","))
	}
	sep := "?"
	if strings.Contains(api.url, "?") {
		sep = "&"
	}
	return api.url + sep + q.Encode()
}

func bboxOf(b orb.Bound) []float64 { return []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} }

func (c *catalogReader) geometry() *geojson.Geometry {
	if p := c.opt.place(); len(p) > 1 {
		return geojson.NewGeometry(p)
	} else if len(p) == 1 {
		return geojson.NewGeometry(p[0])
	}
	return geojson.NewGeometry(c.opt.Geometry)
}

// datetime is the closed or half-open range of the options, empty for all time.
func (c *catalogReader) datetime() string {
	if c.opt.From.IsZero() && c.opt.To.IsZero() {
		return ""
	}
	end := func(t time.Time) string {
		if t.IsZero() {
			return ".."
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	return end(c.opt.From) + "/" + end(c.opt.To)
}
