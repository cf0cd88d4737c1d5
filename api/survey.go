package api

import (
	"bytes"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
)

// Bounds on a photo: phones shrink theirs before they send them.
const (
	mostPhoto = 700_000 // bytes
	mostSide  = 6000    // pixels
)

// aPhoto refuses what is no JPEG image, or too large a one.
func aPhoto(b []byte) error {
	if len(b) > mostPhoto {
		return fmt.Errorf("%w: the photo has more than %d bytes: shrink it", errQuestion, mostPhoto)
	}
	of, err := jpeg.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return fmt.Errorf("%w: the photo is no JPEG image", errQuestion)
	}
	if of.Width < 1 || of.Height < 1 || of.Width > mostSide || of.Height > mostSide {
		return fmt.Errorf("%w: the photo has %d × %d pixels, at most %d a side are taken", errQuestion, of.Width, of.Height, mostSide)
	}
	return nil
}

func (s *server) AddPhoto(c *gin.Context, id contract.ByNumber) {
	if s.Seal == nil {
		fail(c, http.StatusServiceUnavailable, "no-seal", "the service has no key to seal photos with", "start it with --seal FILE")
		return
	}
	b, err := io.ReadAll(c.Request.Body)
	if err == nil {
		err = aPhoto(b)
	}
	var n int64
	if err == nil {
		n, err = s.Store.KeepPhoto(c.Request.Context(), s.Seal, asker(c), id, b)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	s.kept(c, http.StatusCreated, fmt.Appendf(nil, `{"id":%d}`, n), nil)
}

func (s *server) GetPhoto(c *gin.Context, id contract.ByNumber) {
	err := store.ErrNone
	var b []byte
	if s.Seal != nil {
		b, err = s.Store.Photo(c.Request.Context(), s.Seal, asker(c), id)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	c.Header("Cache-Control", "no-store") // each look is kept
	c.Header("Content-Security-Policy", "default-src 'none'")
	c.Data(http.StatusOK, "image/jpeg", b)
}

func (s *server) FinishSurvey(c *gin.Context, id contract.ByNumber, q contract.FinishSurveyParams) {
	body, key, err := order[contract.FinishSurveyJSONBody](c, q.IdempotencyKey)
	if len(body.Photos) > 12 {
		err = errors.Join(err, fmt.Errorf("%w: photos: at most 12", errQuestion))
	}
	if (body.Lat == nil) != (body.Lon == nil) {
		err = errors.Join(err, fmt.Errorf("%w: lat and lon come together", errQuestion))
	}
	if y := body.SeenAt.Year(); y < 2000 || y > 2200 {
		err = errors.Join(err, fmt.Errorf("%w: seen_at lies in year %d", errQuestion, y))
	}
	if err = errors.Join(err, plain("crop", body.Crop), oneOf("farmed", body.Farmed), oneOf("condition", body.Condition), oneOf("boundary", body.Boundary), prose("note", deref(body.Note))); err != nil {
		s.answer(c, nil, err)
		return
	}
	answer, err := s.Store.KeepSurvey(c.Request.Context(), asker(c), key, store.Survey{Task: id, SeenAt: body.SeenAt, Lat: body.Lat, Lon: body.Lon, AccuracyM: body.AccuracyM, Crop: body.Crop,
		Farmed: string(body.Farmed), Condition: string(body.Condition), Boundary: string(body.Boundary), Note: deref(body.Note), Photos: body.Photos})
	s.kept(c, http.StatusCreated, answer, err)
}
