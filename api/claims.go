package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/paulmach/orb"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/season"
)

// Bounds on a claim.
const (
	mostCorners   = 5000
	mostClaimM2   = 10e6
	mostClaimed   = 5000 // parcels near it
	mostRivals    = 1000 // claims of others near it
	countyMargin  = 0.02 // degrees: some 2 km beyond a run's land
	mostAccuracyM = 1000
)

// errClaim marks a claim that cannot be meant.
var errClaim = errors.New("the claim cannot be taken")

// chinaTime is UTC+8: days are days of Asia/Shanghai, which has no other time.
var chinaTime = time.FixedZone("UTC+8", 8*3600)

// ClaimLand checks land that a grower drew or walked, and keeps it.
func (s *server) ClaimLand(c *gin.Context, q contract.ClaimLandParams) {
	var body contract.ClaimDrawn
	key := deref(q.IdempotencyKey)
	err := question(c, &body)
	if err == nil && q.IdempotencyKey != nil {
		err = errors.Join(inLength("Idempotency-Key", key, 1, 100), plain("Idempotency-Key", key))
	}
	if err == nil {
		err = s.wellDrawn(&body)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	claim, shape, err := s.judgeClaim(c.Request.Context(), asker(c), body)
	status := http.StatusOK
	if err == nil && !deref(q.Preview) {
		status = http.StatusCreated
		claim, err = s.Store.KeepClaim(c.Request.Context(), asker(c), key, claim, shape)
	}
	if errors.Is(err, errClaim) {
		fail(c, http.StatusUnprocessableEntity, "bad-claim", errClaim.Error(), strings.TrimPrefix(err.Error(), errClaim.Error()+": "))
		return
	}
	var answer []byte
	if err == nil {
		answer, err = json.Marshal(claim)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	s.decided(c, status, answer)
}

// wellDrawn holds a claim against the contract, and fills in its day.
func (s *server) wellDrawn(b *contract.ClaimDrawn) error {
	crop := deref(b.Crop)
	err := errors.Join(inLength("grower_id", b.GrowerId, 1, 100), plain("grower_id", b.GrowerId), inLength("crop", crop, 0, 40), plain("crop", crop),
		inLength("source_crs", b.SourceCrs, 1, 40), plain("source_crs", b.SourceCrs))
	today := parcels.DateOf(s.now().In(chinaTime))
	switch {
	case err != nil:
	case !sixDigits(b.County):
		err = fmt.Errorf("%w: county: not six digits (GB/T 2260)", errQuestion)
	case !b.Method.Valid():
		err = fmt.Errorf("%w: no method %q", errQuestion, b.Method)
	case !(deref(b.AccuracyM) >= 0 && deref(b.AccuracyM) <= mostAccuracyM):
		err = fmt.Errorf("%w: accuracy_m must lie in 0–%d", errQuestion, mostAccuracyM)
	case b.Taken == nil:
		day := today.String()
		b.Taken = &day
	default:
		var day parcels.Date
		if day, err = parcels.ParseDate(*b.Taken); err != nil || day.After(today) {
			err = fmt.Errorf("%w: taken: %q is no day up to today", errQuestion, *b.Taken)
		} else {
			*b.Taken = day.String()
		}
	}
	return err
}

// judgeClaim holds a claim against the newest run of its county.
func (s *server) judgeClaim(ctx context.Context, a store.Asker, b contract.ClaimDrawn) (claim store.Claim, shape orb.MultiPolygon, err error) {
	run, err := s.Store.Run(ctx, a, b.County, 0)
	if err != nil {
		return claim, nil, err
	}
	drawn, err := s.readDrawn(b, run)
	if err != nil {
		return claim, nil, err
	}
	ready, err := s.ready(ctx, a, run)
	if err != nil {
		return claim, nil, err
	}
	if crop := deref(b.Crop); crop != "" && !ready.Grows(crop) {
		return claim, nil, fmt.Errorf("%w: crop: the county's credit policy knows no %q", errQuestion, crop)
	}
	if !ready.Knows(b.GrowerId) {
		return claim, nil, store.ErrNone
	}
	claim = store.Claim{County: b.County, ClaimID: claimID(b, run), Run: run.ID, GrowerID: b.GrowerId, Season: run.Season, Crop: deref(b.Crop), Method: string(b.Method), SourceCRS: drawn.CRS,
		AccuracyM: b.AccuracyM, Taken: *b.Taken, AreaM2: drawn.AreaM2, AreaMu: parcels.Mu(drawn.AreaM2)}
	box := drawn.Polygon.Bound()
	shapes, err := s.Store.LandIn(ctx, a, run.ID, box, mostClaimed+1)
	if err != nil {
		return claim, nil, err
	}
	if len(shapes) > mostClaimed {
		return claim, nil, fmt.Errorf("%w: more than %d parcels lie near it: draw it in parts", errClaim, mostClaimed)
	}
	rivals, err := s.Store.ClaimsIn(ctx, a, b.County, run.Season, box, claim.ClaimID, mostRivals)
	if err != nil {
		return claim, nil, err
	}
	recorded, err := s.recordedNear(ctx, b.County, box)
	if err != nil {
		return claim, nil, err
	}
	rivals = append(rivals, recorded...)
	var land []parcels.Parcel
	for id, polygon := range shapes {
		if p, ok := ready.Parcels()[id]; ok {
			p.Polygon = polygon
			land = append(land, p)
		}
	}
	day, err := parcels.ParseDate(claim.Taken)
	if err != nil {
		return claim, nil, err
	}
	found := ready.Claimed(parcels.Claim{Provenance: parcels.Provenance{Source: "claim:" + claim.ClaimID, Authority: "grower", Received: day}, ClaimID: claim.ClaimID,
		GrowerID: b.GrowerId, Crop: claim.Crop, Polygon: drawn.Polygon, Method: claim.Method, Taken: day, AreaM2: drawn.AreaM2, SourceCRS: drawn.CRS}, rivals, land)
	if claim.Says, err = json.Marshal(saysOf(found, drawn, b)); err != nil {
		return claim, nil, err
	}
	if found.Decision != nil && a.Role != "clerk" {
		claim.Decision, err = json.Marshal(store.DecisionOf(run.ID, season.DecisionRow(*found.Decision)))
	}
	if err == nil {
		claim.Geometry, err = json.Marshal(map[string]any{"type": "MultiPolygon", "coordinates": drawn.Polygon})
	}
	return claim, drawn.Polygon, err
}

// readDrawn moves the polygon to WGS 84 and refuses what cannot be meant.
func (s *server) readDrawn(b contract.ClaimDrawn, run store.Run) (feeds.Drawn, error) {
	var near orb.Point
	if len(run.BBox) == 4 {
		near = orb.Point{(run.BBox[0] + run.BBox[2]) / 2, (run.BBox[1] + run.BBox[3]) / 2}
	}
	drawn, err := feeds.ReadDrawn(b.Geometry, b.SourceCrs, near)
	if err != nil {
		return drawn, fmt.Errorf("%w: %w", errClaim, err)
	}
	corners := 0
	for _, poly := range drawn.Polygon {
		for _, ring := range poly {
			corners += len(ring)
		}
	}
	switch box := drawn.Polygon.Bound(); {
	case corners > mostCorners:
		return drawn, fmt.Errorf("%w: it has %d corners, at most %d are taken", errClaim, corners, mostCorners)
	case drawn.AreaM2 > mostClaimM2:
		return drawn, fmt.Errorf("%w: it has %.0f mu, at most %.0f are taken in one claim: draw it in parts", errClaim, parcels.Mu(drawn.AreaM2), parcels.Mu(mostClaimM2))
	case len(run.BBox) == 4 && (box.Max[0] < run.BBox[0]-countyMargin || box.Min[0] > run.BBox[2]+countyMargin || box.Max[1] < run.BBox[1]-countyMargin || box.Min[1] > run.BBox[3]+countyMargin):
		return drawn, fmt.Errorf("%w: it lies outside the county's land: its coordinate system may be another", errClaim)
	}
	return drawn, nil
}

// claimID names a claim by what it says and what it was held against: the same
// has the same.
func claimID(b contract.ClaimDrawn, run store.Run) string {
	text, _ := json.Marshal([]any{run.Published.UnixNano(), run.ID, b.County, b.GrowerId, deref(b.Crop), b.Method, b.SourceCrs, deref(b.AccuracyM), deref(b.Taken), b.Geometry})
	sum := sha256.Sum256(text)
	return "Q" + hex.EncodeToString(sum[:6])
}

func (s *server) ListClaims(c *gin.Context, q contract.ListClaimsParams) {
	p, err := pageOf(q.Limit, q.Cursor)
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	found, err := s.Store.Claims(c.Request.Context(), asker(c), q.County, deref(q.GrowerId), p)
	s.answer(c, paged(found, p, func(c store.Claim) string { return c.ClaimID }), err)
}

func (s *server) GetClaim(c *gin.Context, id string, q contract.GetClaimParams) {
	found, err := s.Store.Claim(c.Request.Context(), asker(c), q.County, id)
	s.answer(c, found, err)
}
