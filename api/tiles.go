package api

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/tiles"
	"github.com/parus-lending/parus/data/store"
)

// Memory for the land of runs and for tiles that were made of it.
const (
	mostLand  = 512 << 20
	mostTiles = 128 << 20
	mostAhead = 48 << 20 // of those that nobody has asked for yet, a run
	mostBegun = 1000     // runs
)

// tileForm changes when the same run gives other tiles.
const tileForm = "2"

type tileKey struct {
	digest string
	at     tiles.Address
	view   tiles.View
}

// landCache keeps what never changes of published runs, by their digests. It
// does not know who may see it: each request asks the database first, also for
// what was made before anybody asked (prepare).
type landCache struct {
	land  once[*tiles.Land]
	tiles recent[tileKey, []byte]

	begun  recent[tileKey, bool] // runs and views whose tiles are made ahead
	one    sync.Mutex
	making atomic.Int32 // that are not done with
	ready  atomic.Int32 // newest runs that need no more making
}

func newLandCache() *landCache {
	c := &landCache{}
	c.land.most, c.tiles.most, c.begun.most = mostLand, mostTiles, mostBegun
	return c
}

// GetTile answers with a vector tile of a run's land.
func (s *server) GetTile(c *gin.Context, run int32, z, x int32, row string) {
	y, ok := strings.CutSuffix(row, ".mvt")
	n, err := strconv.ParseUint(y, 10, 31)
	at := tiles.Address{Z: z, X: x, Y: int32(n)}
	if !ok || err != nil || !at.Valid() {
		s.answer(c, nil, fmt.Errorf("%w: there is no tile %d/%d/%s: zooms are %d–%d, and its name ends in .mvt", errQuestion, z, x, row, tiles.LeastZoom, tiles.MostZoom))
		return
	}
	view := tiles.Everything
	if asker(c).Role == "clerk" { // who may not read decisions
		view = tiles.NoOutcome
	}
	digest, err := s.Store.RunDigest(c.Request.Context(), asker(c), run)
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	tag := fmt.Sprintf(`"%s.%d-%s-%d-%d-%s"`, tileForm, view, digest[:min(24, len(digest))], z, x, y)
	c.Header("Cache-Control", "private, no-cache")
	c.Header("Vary", "Authorization, Accept-Encoding")
	c.Header("ETag", tag)
	if knows(c, tag) {
		c.Status(http.StatusNotModified)
		return
	}
	body, err := s.tile(c.Request.Context(), asker(c), run, tileKey{digest, at, view})
	switch {
	case err != nil:
		s.answer(c, nil, err)
	case len(body) == 0:
		c.Status(http.StatusNoContent)
	case !strings.Contains(c.GetHeader("Accept-Encoding"), "gzip"):
		z, err := gzip.NewReader(bytes.NewReader(body))
		if err == nil {
			body, err = io.ReadAll(z)
		}
		if err != nil {
			s.answer(c, nil, err)
			return
		}
		c.Data(http.StatusOK, tileType, body)
	default:
		c.Header("Content-Encoding", "gzip")
		c.Header("Content-Length", strconv.Itoa(len(body)))
		c.Data(http.StatusOK, tileType, body)
	}
}

const tileType = "application/vnd.mapbox-vector-tile"

// tile is one tile of a run that the asker may see.
func (s *server) tile(ctx context.Context, a store.Asker, run int32, k tileKey) ([]byte, error) {
	if body, ok := s.lands.tiles.get(k); ok {
		return body, nil
	}
	land, err := s.land(ctx, a, run, k.digest)
	if err != nil {
		return nil, err
	}
	body, err := s.lands.make(land, k)
	if err == nil {
		s.lands.ahead(land, k)
	}
	return body, err
}

// land is the land of a run that the asker may see.
func (s *server) land(ctx context.Context, a store.Asker, run int32, digest string) (*tiles.Land, error) {
	return s.lands.land.of(ctx, digest, func(ctx context.Context) (*tiles.Land, int, error) {
		parcels, err := s.Store.Land(ctx, a, run)
		if err != nil {
			return nil, 0, err
		}
		land, err := tiles.NewLand(parcels)
		if err != nil {
			return nil, 0, err
		}
		return land, land.Bytes(), nil
	})
}

// make makes a tile and keeps it.
func (c *landCache) make(land *tiles.Land, k tileKey) ([]byte, error) {
	body, err := land.Tile(k.at, k.view)
	if err == nil {
		const room = 200 // of the key and the entry
		c.tiles.put(k, body, len(body)+room)
	}
	return body, err
}

// ahead makes the tiles that one who looks at a run will ask for next, up to
// mostAhead of them, once a run and view: whoever is first waits for one tile,
// not for each. One run is made at a time, by one goroutine.
func (c *landCache) ahead(land *tiles.Land, k tileKey) {
	if c.begins(k) {
		go c.makeAhead(context.Background(), land, k)
	}
}

// begins says whether the tiles of a run and view are still to be made, and
// leaves that to whoever is told so.
func (c *landCache) begins(k tileKey) bool {
	k.at = tiles.Address{}
	if _, begun := c.begun.get(k); begun {
		return false
	}
	c.begun.put(k, true, 1)
	c.making.Add(1)
	return true
}

func (c *landCache) makeAhead(ctx context.Context, land *tiles.Land, k tileKey) {
	defer c.making.Add(-1)
	defer func() { _ = recover() }() // whoever asks for that tile is told
	c.one.Lock()
	defer c.one.Unlock()
	bytes := 0
	for _, k.at = range land.Ahead() {
		body, there := c.tiles.get(k)
		if !there {
			var err error
			if body, err = c.make(land, k); err != nil {
				return
			}
		}
		if bytes += len(body); bytes > mostAhead || ctx.Err() != nil {
			return
		}
	}
}
