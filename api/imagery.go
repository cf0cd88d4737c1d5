package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/api/tiles"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/raster"
)

// layer is a legend with its unit and the colour of what is masked.
type layer struct {
	raster.Legend
	Unit   string     `json:"unit,omitempty"`
	Masked raster.RGB `json:"masked"`
}

// imagery is what can be looked at of a run.
type imagery struct {
	Run    int32     `json:"run"`
	AsOf   string    `json:"as_of"`
	Days   []lookDay `json:"days"`
	Layers []layer   `json:"layers"`
}

type lookDay struct {
	store.SceneDay
	Layers []string `json:"layers"`
}

// layerUnits of layers whose values have one.
var layerUnits = map[string]string{"lai": "m²/m²"}

// ListImagery answers with the days that can be drawn of a run, and how.
func (s *server) ListImagery(c *gin.Context, q contract.ListImageryParams) {
	run, err := s.Store.Run(c.Request.Context(), asker(c), q.County, deref(q.Run))
	s.ofRun(c, run, err, func(id int32) (any, error) {
		out := imagery{Run: id, AsOf: run.AsOf, Days: []lookDay{}, Layers: []layer{}}
		if s.Pictures == nil {
			return out, nil
		}
		days, err := s.Store.SceneDays(c.Request.Context(), asker(c), id)
		if err != nil {
			return nil, err
		}
		for _, d := range days {
			day := lookDay{SceneDay: d, Layers: []string{}}
			for _, style := range s.Pictures.styles {
				if has(style, d.Bands) {
					day.Layers = append(day.Layers, style.Name)
				}
			}
			out.Days = append(out.Days, day)
		}
		for _, style := range s.Pictures.styles {
			l, err := style.Legend()
			if err != nil {
				return nil, err
			}
			out.Layers = append(out.Layers, layer{l, layerUnits[style.Name], raster.MaskedColor})
		}
		return out, nil
	})
}

// has tells whether all bands of a style are there.
func has(style raster.Style, bands []string) bool {
	l, err := style.Legend()
	return err == nil && !slices.ContainsFunc(l.Bands, func(b raster.Band) bool { return !slices.Contains(bands, string(b)) })
}

// GetPicture answers with a tile of the scenes of a day.
func (s *server) GetPicture(c *gin.Context, run int32, date, name string, z, x int32, row string) {
	y, ok := strings.CutSuffix(row, ".png")
	n, err := strconv.ParseUint(y, 10, 31)
	if at := (tiles.Address{Z: z, X: x, Y: int32(n)}); !ok || err != nil || !at.Valid() {
		s.answer(c, nil, fmt.Errorf("%w: there is no tile %d/%d/%s: zooms are %d–%d, and its name ends in .png", errQuestion, z, x, row, tiles.LeastZoom, tiles.MostZoom))
		return
	}
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		s.answer(c, nil, fmt.Errorf("%w: date: %q is not a day such as 2024-07-01", errQuestion, date))
		return
	}
	if s.Pictures == nil {
		fail(c, http.StatusServiceUnavailable, "no-imagery", "this service draws no imagery", "start it where it can read the scenes")
		return
	}
	style, ok := s.Pictures.style(name)
	if !ok {
		s.answer(c, nil, fmt.Errorf("%w: layer: there is no layer %q; GET /v1/imagery names them", errQuestion, name))
		return
	}
	look, err := s.Store.ScenesOf(c.Request.Context(), asker(c), run, date)
	switch {
	case err != nil:
		s.answer(c, nil, err)
		return
	case date > look.AsOf:
		fail(c, http.StatusBadRequest, "after-as-of", "the run knows nothing of that day", fmt.Sprintf("run %d is as of %s", run, look.AsOf))
		return
	case len(look.Scenes) == 0:
		fail(c, http.StatusNotFound, "no-scene", "the run used no scene of that day", "GET /v1/imagery names the days")
		return
	}
	for _, scene := range look.Scenes {
		if bands := sceneBands(scene); !has(style, bands) {
			fail(c, http.StatusNotFound, "no-band", "that layer cannot be drawn of that day", fmt.Sprintf("scene %s has %s", scene.ID, strings.Join(bands, ", ")))
			return
		}
	}
	tag := fmt.Sprintf(`"%s-%s-%s-%s-%d-%d-%s"`, pictureForm, look.Digest[:min(24, len(look.Digest))], date, name, z, x, y)
	c.Header("Cache-Control", "private, no-cache")
	c.Header("Vary", "Authorization")
	c.Header("ETag", tag)
	if knows(c, tag) {
		c.Status(http.StatusNotModified)
		return
	}
	body, err := s.Pictures.tile(c.Request.Context(), pictureKey{look.Digest, date, name, int(z), int(x), int(n)}, look.Scenes, style)
	if err != nil {
		c.Writer.Header().Del("ETag")
		s.noPicture(c, look.Scenes, err)
		return
	}
	c.Data(http.StatusOK, "image/png", body)
}

func sceneBands(s raster.Scene) (out []string) {
	for b := range s.Assets {
		out = append(out, string(b))
	}
	slices.Sort(out)
	return out
}

// noPicture answers that scenes cannot be read. Why stands in the log: the
// addresses of scenes may hold a signature.
func (s *server) noPicture(c *gin.Context, scenes []raster.Scene, err error) {
	if ctx := c.Request.Context(); ctx.Err() != nil {
		s.answer(c, nil, context.Cause(ctx))
		return
	}
	s.Log.Warn("picture", "request", c.GetString(requestKey), "error", err.Error())
	var ids []string
	for _, scene := range scenes {
		ids = append(ids, scene.ID)
	}
	fail(c, http.StatusServiceUnavailable, "imagery-unreachable", "the scenes of that day cannot be read from here",
		"scenes "+strings.Join(ids, ", ")+": the service's log says why under the number of this request; where they have moved, run the season again and publish it")
}
