package raster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// CatalogOptions of ReadCatalog and ListCatalog.
type CatalogOptions struct {
	Collections []string  // empty = all with optical bands
	Radar       bool      // where no collection is named: also radar that has a pixel grid
	From, To    time.Time // inclusive; zero = open
	// BBox and Geometry (polygon or multipolygon) keep the scenes whose footprint
	// meets them; lon, lat in WGS 84. Nil = everywhere; of both, the geometry is
	// what counts. A search of an API needs one of them unless it finds few items.
	BBox     *orb.Bound
	Geometry orb.Geometry
	// MaxCloud in percent of the tile; nil = all. A scene that does not tell its
	// cloud cover (radar) is kept.
	MaxCloud *float64
	Client   *http.Client // nil = one with a timeout of a minute
}

// Listing is what a catalog holds: the scenes that fit the options, and those
// that do not, with the reason. Both are sorted by time, then ID. What a STAC
// API did not find is not in it.
type Listing struct {
	Scenes   []Scene
	LeftOut  []LeftOut
	Warnings []Warning
}

// ReadCatalog gives the scenes of ListCatalog with its warnings.
func ReadCatalog(ctx context.Context, href string, opt CatalogOptions) ([]Scene, []Warning, error) {
	l, err := ListCatalog(ctx, href, opt)
	return l.Scenes, l.Warnings, err
}

// ListCatalog reads a STAC catalog on disk or http(s): a catalog.json,
// collection, item or item collection, or a folder. Links child and item are
// followed; where a local catalog or collection links no item, its folder is
// searched. The landing page of a STAC API, or a collection of one, is searched
// by its own search. Assets may lie elsewhere (s3:// hrefs stay as they are).
//
// A broken item, link or missing file is a warning. It is an error when the
// catalog itself cannot be read, when a search breaks off half-way, and when
// there is no item at all.
func ListCatalog(ctx context.Context, href string, opt CatalogOptions) (Listing, error) {
	if opt.Client == nil {
		opt.Client = &http.Client{Timeout: time.Minute}
	}
	c := &catalogReader{ctx: ctx, opt: opt, seen: map[string]bool{}}
	if !isURL(href) {
		abs, err := filepath.Abs(href)
		if err != nil {
			return Listing{}, err
		}
		href = abs
		if st, err := os.Stat(href); err == nil && st.IsDir() {
			href = filepath.Join(href, "catalog.json")
			if _, err := os.Stat(href); err != nil {
				href = filepath.Join(filepath.Dir(href), "collection.json")
			}
		}
	}
	if err := c.walk(href, 0); err != nil {
		return Listing{}, fmt.Errorf("read STAC catalog %s: %w", href, err)
	}
	if c.items == 0 && !c.searched {
		return Listing{}, fmt.Errorf("read STAC catalog %s: no STAC item in it or in what it links (%d documents looked at)", href, len(c.seen))
	}
	var l Listing
	for _, s := range c.scenes {
		if why := opt.unfit(s); why != "" {
			l.LeftOut = append(l.LeftOut, LeftOut{s, why})
			continue
		}
		l.Scenes = append(l.Scenes, s)
		if s.grid().Width == 0 || len(s.Footprint) == 0 {
			c.warns = append(c.warns, Warning{"no_place", s.ID, "the item tells no pixel grid (proj:transform, proj:shape) or no footprint, so its scene cannot be placed and is not used"})
		}
	}
	sortScenes(l.Scenes)
	sort.SliceStable(l.LeftOut, func(i, j int) bool { return before(l.LeftOut[i].Scene, l.LeftOut[j].Scene) })
	c.probe(l.Scenes)
	sort.SliceStable(c.warns, func(i, j int) bool { return c.warns[i].Subject < c.warns[j].Subject })
	l.Warnings = c.warns
	return l, ctx.Err()
}

type catalogReader struct {
	ctx    context.Context
	opt    CatalogOptions
	seen   map[string]bool
	scenes []Scene
	items  int
	warns  []Warning
	// searched: a search of an API may well find nothing
	searched bool
}

func isURL(s string) bool { return strings.Contains(s, "://") }

// maxDepth of catalogs in catalogs.
const maxDepth = 8

func (c *catalogReader) walk(href string, depth int) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if c.seen[href] || depth > maxDepth {
		return nil
	}
	c.seen[href] = true
	b, err := c.get(href)
	if err != nil {
		return err
	}
	var d stacDoc
	if err := json.Unmarshal(b, &d); err != nil {
		return fmt.Errorf("%s: %w", href, err)
	}
	switch d.Type {
	case "Feature":
		c.item(b, href)
		return nil
	case "FeatureCollection":
		for _, f := range d.Features {
			c.item(f, href)
		}
		return nil
	}
	if isURL(href) {
		if api, ok, err := c.api(d, href); ok || err != nil {
			if err != nil {
				return err
			}
			return c.search(api)
		}
	}
	linked := 0
	for _, l := range d.Links {
		if l.Rel != "child" && l.Rel != "item" {
			continue
		}
		linked++
		to := resolve(href, l.Href)
		if err := c.walk(to, depth+1); err != nil {
			if c.ctx.Err() != nil {
				return c.ctx.Err()
			}
			c.warns = append(c.warns, Warning{"unreadable_item", to, err.Error()})
		}
	}
	if linked == 0 && !isURL(href) {
		return c.folder(filepath.Dir(href))
	}
	return nil
}

// folder looks for items under the folder of a collection that links none.
// Other JSON there is passed over; a broken file is a warning.
func (c *catalogReader) folder(dir string) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || c.ctx.Err() != nil {
			return errors.Join(err, c.ctx.Err())
		}
		if d.IsDir() || !strings.HasSuffix(path, ".json") || c.seen[path] {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			c.warns = append(c.warns, Warning{"unreadable_item", path, err.Error()})
			return nil
		}
		var doc stacDoc
		switch err := json.Unmarshal(b, &doc); {
		case err != nil && strings.Contains(string(b), `"Feature"`):
			c.warns = append(c.warns, Warning{"unreadable_item", path, err.Error()})
		case err == nil && doc.Type == "Feature" && doc.Assets != nil:
			c.seen[path] = true
			c.item(b, path)
		}
		return nil
	})
}

func (c *catalogReader) item(b []byte, href string) {
	c.items++
	s, err := parseItem(b, func(h string) string { return resolve(href, h) })
	if err != nil {
		c.warns = append(c.warns, Warning{"unreadable_item", href, err.Error()})
		return
	}
	c.scenes = append(c.scenes, s)
}

// resolve is the address of href seen from the document base.
func resolve(base, href string) string {
	switch {
	case isURL(href):
		return strings.TrimPrefix(href, "file://")
	case isURL(base):
		b, err := url.Parse(base)
		if err != nil {
			return href
		}
		ref, err := url.Parse(href)
		if err != nil {
			return href
		}
		return b.ResolveReference(ref).String()
	case filepath.IsAbs(href):
		return href
	}
	return filepath.Join(filepath.Dir(base), filepath.FromSlash(href))
}

func sortedAssetKeys(m map[string]stacAsset) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
