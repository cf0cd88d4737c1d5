package raster

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
)

// page is one request of a search.
type page struct {
	method string
	href   string
	body   map[string]any // of POST
}

// key tells requests apart: a search that asks the same again runs in a loop.
func (p page) key() string {
	b, err := json.Marshal(p.body)
	if err != nil {
		b = fmt.Append(nil, p.body)
	}
	return p.method + " " + p.href + " " + string(b)
}

// parsePage reads an answer of a search: its items, unread, and the request of
// the next page, nil at the end. A link rel "next" is followed by GET, or by
// POST with its body, which with "merge" is added to the body of this page.
func parsePage(b []byte, at page) (items []json.RawMessage, next *page, err error) {
	var d stacDoc
	if err := json.Unmarshal(b, &d); err != nil {
		return nil, nil, fmt.Errorf("the answer is no STAC item collection: %w", err)
	}
	if d.Type != "FeatureCollection" {
		return nil, nil, errors.New("the answer is no STAC item collection (type \"FeatureCollection\")")
	}
	for _, l := range d.Links {
		if l.Rel != "next" || l.Href == "" {
			continue
		}
		next = &page{method: http.MethodGet, href: resolve(at.href, l.Href)}
		if !strings.EqualFold(l.Method, http.MethodPost) {
			break
		}
		next.method, next.body = http.MethodPost, map[string]any{}
		if l.Merge {
			maps.Copy(next.body, at.body)
		}
		var more map[string]any
		if len(l.Body) > 0 {
			if err := json.Unmarshal(l.Body, &more); err != nil {
				return nil, nil, fmt.Errorf("the body of its link to the next page: %w", err)
			}
		}
		maps.Copy(next.body, more)
		if len(more) == 0 && !l.Merge { // some servers put the token into the address and mean the same body
			maps.Copy(next.body, at.body)
		}
		break
	}
	return d.Features, next, nil
}
