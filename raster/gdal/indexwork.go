package gdal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/parus-lending/parus/raster"
	"golang.org/x/sync/errgroup"
)

// convertAll converts what no earlier run has. A band whose original cannot be
// read is taken out of its scene.
func (x *indexer) convertAll(ctx context.Context) error {
	type todo struct {
		p *planned
		b raster.Band
		c conversion
	}
	var todos []todo
	for _, p := range x.scenes {
		var bands []raster.Band
		for b := range p.jobs {
			bands = append(bands, b)
		}
		sort.Slice(bands, func(i, j int) bool { return bands[i] < bands[j] })
		for _, b := range bands {
			c := p.jobs[b]
			c.dst = filepath.Join(filepath.Dir(raster.ItemPath(x.opt.Out, p.scene)), string(b)+".tif")
			if c.upToDate() {
				if g, err := x.describe(ctx, c.dst); err == nil && (c.grid.Width == 0 || g == c.stored(c.grid)) {
					x.kept++
					p.put(b, c.dst, g)
					continue
				}
			}
			todos = append(todos, todo{p, b, c})
		}
	}
	var mu sync.Mutex
	done := 0
	if x.opt.Progress != nil && len(todos) > 0 {
		x.opt.Progress(0, len(todos))
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(x.opt.Workers)
	for _, t := range todos {
		g.Go(func() error {
			if x.opt.convert != nil {
				if err := x.opt.convert(t.c); err != nil {
					return err
				}
			}
			grid, err := convert(ctx, t.c)
			mu.Lock()
			defer mu.Unlock()
			done++
			var bad badSource
			switch {
			case errors.As(err, &bad):
				delete(t.p.scene.Assets, t.b)
				x.warn("unreadable_band", t.p.scene.ID+" "+string(t.b), err.Error())
			case err != nil:
				return err
			default:
				x.converted++
				t.p.put(t.b, t.c.dst, grid)
			}
			if x.opt.Progress != nil {
				x.opt.Progress(done, len(todos))
			}
			return nil
		})
	}
	return g.Wait()
}

func (x *indexer) describe(ctx context.Context, path string) (raster.Grid, error) {
	r := Open(Options{Datasets: 1})
	defer r.Close()
	return r.Describe(ctx, raster.Asset{Href: path})
}

// put makes the COG the asset of a band.
func (p *planned) put(b raster.Band, path string, g raster.Grid) {
	a := p.scene.Assets[b]
	a.Href, a.Grid, a.Layer = path, g, 0
	p.scene.Assets[b] = a
	p.scene.EPSG = g.EPSG
}

// whole are the scenes that have a band left, their files' sizes filled in.
func (x *indexer) whole() (out []raster.Scene) {
	for _, p := range x.scenes {
		for b, a := range p.scene.Assets {
			if st, err := os.Stat(a.Href); err == nil {
				a.Size, a.ModTime = st.Size(), st.ModTime().UTC().Format(time.RFC3339Nano)
				p.scene.Assets[b] = a
			}
		}
		if len(p.scene.Assets) == 0 {
			x.warn("scene_left_out", p.scene.ID, "none of its bands can be read")
			continue
		}
		if len(p.scene.Footprint) == 0 {
			for _, a := range p.scene.Assets {
				if ring, err := lonLatRing(a.Grid); err == nil {
					p.scene.Footprint = append(p.scene.Footprint[:0], ring)
				}
			}
		}
		out = append(out, p.scene)
	}
	return out
}

// earlier are the scenes of the catalog as it stands that were not found now
// and whose files are still there.
func (x *indexer) earlier(ctx context.Context, now []raster.Scene) (out []raster.Scene) {
	if _, err := os.Stat(filepath.Join(x.opt.Out, "catalog.json")); err != nil {
		return nil
	}
	l, err := raster.ListCatalog(ctx, x.opt.Out, raster.CatalogOptions{})
	if err != nil {
		x.warn("catalog_replaced", x.opt.Out, "the catalog that stood there cannot be read and is written anew: "+err.Error())
		return nil
	}
	old := l.Scenes
	for _, o := range l.LeftOut {
		old = append(old, o.Scene)
	}
	found := map[string]bool{}
	for _, s := range now {
		found[raster.ItemPath(x.opt.Out, s)] = true
	}
	for _, s := range old {
		if found[raster.ItemPath(x.opt.Out, s)] {
			continue
		}
		for b, a := range s.Assets {
			if _, err := os.Stat(a.Href); err != nil && !strings.Contains(a.Href, "://") {
				delete(s.Assets, b)
			}
		}
		if len(s.Assets) == 0 {
			x.warn("scene_gone", s.ID, "its files are gone; it is no longer in the catalog")
			continue
		}
		out = append(out, s)
	}
	return out
}
