package api

import (
	"context"
	"runtime"
	"slices"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/raster"
)

// Bounds on pictures of scenes: memory for blocks of scenes and for tiles, and
// how many are drawn at once.
const (
	mostBlocks      = 192 << 20
	mostPictures    = 64 << 20
	mostDrawnAtOnce = 4
)

// pictureForm changes when the same scenes give other pictures.
const pictureForm = "1"

// pictureSide is the side of a tile in pixels.
const pictureSide = 512

// picturesOf are the layers beside LAI, in the order a map offers them.
var picturesOf = []string{"truecolor", "falsecolor", "ndvi", "ndmi", "ndwi", "bsi", "scl"}

// Pictures draws the scenes of runs as map tiles, a few at a time; the others
// wait for their turn.
type Pictures struct {
	renderer *raster.Renderer
	styles   []raster.Style
	turn     chan struct{} // one for each that may be drawn at once
	tiles    recent[pictureKey, []byte]
}

type pictureKey struct {
	digest, date, layer string
	z, x, y             int
}

// NewPictures draws with readers made by open and growth networks run by rt.
func NewPictures(open func() raster.LevelReader, rt models.Runtime) (*Pictures, error) {
	n := min(runtime.GOMAXPROCS(0), mostDrawnAtOnce)
	p := &Pictures{turn: make(chan struct{}, n)}
	p.tiles.most = mostPictures
	for _, name := range picturesOf {
		s, err := raster.StyleByName(name)
		if err != nil {
			return nil, err
		}
		p.styles = append(p.styles, s)
	}
	lai, err := leafArea(rt, n)
	if err != nil {
		return nil, err
	}
	p.styles = slices.Insert(p.styles, 3, lai)
	p.renderer = raster.NewRenderer(open, raster.RenderOptions{CacheBytes: mostBlocks})
	return p, nil
}

// Close closes the readers. No request may be running.
func (p *Pictures) Close() error { return p.renderer.Close() }

// style finds a layer.
func (p *Pictures) style(name string) (raster.Style, bool) {
	k := slices.IndexFunc(p.styles, func(s raster.Style) bool { return s.Name == name })
	if k < 0 {
		return raster.Style{}, false
	}
	return p.styles[k], true
}

// tile draws a tile, or finds it drawn. Who waits for his turn in vain, or goes,
// gets the error of ctx.
func (p *Pictures) tile(ctx context.Context, k pictureKey, scenes []raster.Scene, style raster.Style) ([]byte, error) {
	if body, ok := p.tiles.get(k); ok {
		return body, nil
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if body, ok := p.tiles.get(k); ok { // drawn while waiting
		return body, nil
	}
	body, err := p.renderer.Tile(ctx, k.z, k.x, k.y, scenes, style, raster.TileOptions{Size: pictureSide, HatchMasked: true})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err == nil {
		const room = 200 // of the key and the entry
		p.tiles.put(k, body, len(body)+room)
	}
	return body, err
}
