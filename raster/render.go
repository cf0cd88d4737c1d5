package raster

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Renderer draws scenes as map tiles and pictures, straight from the overviews
// of their files. It is safe for concurrent use.
//
//	r := raster.NewRenderer(func() raster.LevelReader { return gdal.Open(gdal.Options{}) }, raster.RenderOptions{})
//	defer r.Close()
//	png, err := r.Tile(ctx, 12, 3372, 1552, scenes, style, raster.TileOptions{})
//
// It knows UTM scenes and Web Mercator pictures. It does not know what a layer
// means: a Style brings the formula or function and the colours.
type Renderer struct {
	blocks *blockStore
	empty  map[int][]byte // by tile size; shared
	spare  sync.Pool      // of *canvas
}

// RenderOptions of NewRenderer. The zero value is the default.
type RenderOptions struct {
	Readers    int   // readers open at once, each reading one block; 0 = one per core
	CacheBytes int64 // decoded blocks kept in memory; 0 = 256 MiB
}

// NewRenderer returns a renderer over readers made by open when they are first
// needed. It owns and closes them.
func NewRenderer(open func() LevelReader, opt RenderOptions) *Renderer {
	if opt.Readers <= 0 {
		opt.Readers = runtime.GOMAXPROCS(0)
	}
	if opt.CacheBytes <= 0 {
		opt.CacheBytes = 256 << 20
	}
	r := &Renderer{blocks: newBlockStore(open, opt.Readers, opt.CacheBytes), empty: map[int][]byte{}}
	for _, size := range tileSizes {
		r.empty[size] = r.canvas(Frame{Width: size, Height: size}, true).encode(palette{{}})
	}
	return r
}

// Close closes the readers. No call may be running.
func (r *Renderer) Close() error { return r.blocks.close() }

// TileOptions of Tile and Picture. The zero value is the default.
type TileOptions struct {
	Size      int  // side of a tile in pixels, 256 or 512; 0 = 256. Picture ignores it
	HideCloud bool // cloud, cirrus and cloud shadow of SCL are transparent
	// HatchMasked draws MaskedColor across what SCL says is hidden (cloud, cirrus,
	// shadow, snow, saturated), in diagonals that go on from tile to tile: over the
	// picture of a composite, over nothing elsewhere. A ramp's last colour then is
	// the one before it. A scene without SCL has no hatches. HideCloud is ignored.
	HatchMasked bool
}

// Tile draws the tile z/x/y of the XYZ scheme (Web Mercator, y from the north)
// as PNG. Of several scenes the first that has data at a pixel is drawn there;
// pixels without any are transparent. Their settled offset must be set.
//
// The bytes belong to the renderer where nothing is in the tile (all empty
// tiles share one picture): do not change them. A tile that does not exist, a
// style that is not whole or a scene without one of its bands is an error.
func (r *Renderer) Tile(ctx context.Context, z, x, y int, scenes []Scene, style Style, opt TileOptions) ([]byte, error) {
	if opt.Size == 0 {
		opt.Size = tileSizes[0]
	}
	f, err := TileFrame(z, x, y, opt.Size)
	if err != nil {
		return nil, err
	}
	p, err := style.planFor(opt)
	if err != nil {
		return nil, err
	}
	c, err := r.draw(ctx, f, scenes, p, opt)
	if err != nil {
		return nil, fmt.Errorf("draw tile %d/%d/%d as %s: %w", z, x, y, style.Name, err)
	}
	if c == nil {
		return r.empty[opt.Size], nil
	}
	defer r.spare.Put(c)
	return c.encode(p.palette), nil
}

// pieceSide is the side of the pieces a picture is drawn in, in pixels.
const pieceSide = 256

// Picture draws a frame of any size as PNG, by the same rules as Tile.
func (r *Renderer) Picture(ctx context.Context, f Frame, scenes []Scene, style Style, opt TileOptions) ([]byte, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	p, err := style.planFor(opt)
	if err != nil {
		return nil, err
	}
	whole := r.canvas(f, p.palette != nil)
	defer r.spare.Put(whole)
	var painted atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(r.blocks.readers)
	for row := 0; row < f.Height; row += pieceSide {
		for col := 0; col < f.Width; col += pieceSide {
			g.Go(func() error {
				c, err := r.draw(ctx, f.part(col, row, pieceSide), scenes, p, opt)
				if err != nil || c == nil {
					return err
				}
				whole.put(c, col, row)
				painted.Add(int64(len(c.done) - c.left))
				r.spare.Put(c)
				return nil
			})
		}
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("draw a picture as %s: %w", style.Name, err)
	}
	whole.left -= int(painted.Load())
	return whole.encode(p.palette), nil
}

// draw paints the scenes into a canvas, the first on top; nil where none of
// them touches the frame.
func (r *Renderer) draw(ctx context.Context, f Frame, scenes []Scene, p *paint, opt TileOptions) (*canvas, error) {
	var c *canvas
	bound := f.lonLat().Pad(0.01) // footprints are rounded or cut
	for _, s := range scenes {
		if len(s.Footprint) > 0 && !s.Footprint.Bound().Intersects(bound) {
			continue
		}
		if c == nil {
			c = r.canvas(f, p.palette != nil)
		}
		if err := r.paintScene(ctx, c, s, p, opt); err != nil {
			r.spare.Put(c)
			return nil, fmt.Errorf("scene %s: %w", s.ID, err)
		}
		if c.left == 0 {
			break
		}
	}
	if c != nil && c.left == f.Width*f.Height {
		r.spare.Put(c)
		return nil, nil
	}
	return c, nil
}
