package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
)

// Whatever is sent as a claim, it is refused as a bad question or a claim that
// cannot be meant, or it is land within the bounds; its name follows from it.
func FuzzClaimBody(f *testing.F) {
	f.Add([]byte(`{"county":"341523","grower_id":"g","crop":"maize","method":"drawn","source_crs":"EPSG:4326","geometry":{"type":"Polygon","coordinates":[[[115,31],[115.001,31],[115.001,31.001],[115,31]]]}}`))
	f.Add([]byte(`{"county":"341523","grower_id":"g","method":"walked","source_crs":"GCJ-02","accuracy_m":3.5,"taken":"2024-07-01","geometry":{"type":"LineString","coordinates":[[115,31],[115.001,31],[115.001,31.001],[115,31]]}}`))
	f.Add([]byte(`{"county":"341523","grower_id":"g","method":"surveyed","source_crs":"EPSG:4508","geometry":{"type":"MultiPolygon","coordinates":[[[[500000,3400000],[500100,3400000],[500100,3400100],[500000,3400000]]]]}}`))
	s := &server{Config: Config{Now: func() time.Time { return time.Date(2024, 8, 1, 0, 0, 0, 0, time.UTC) }}}
	run := store.Run{ID: 1, County: "341523", Season: "2024", BBox: []float64{114, 30, 118, 33}}
	f.Fuzz(func(t *testing.T, b []byte) {
		var body contract.ClaimDrawn
		d := json.NewDecoder(bytes.NewReader(b))
		d.DisallowUnknownFields()
		if d.Decode(&body) != nil {
			return
		}
		if err := s.wellDrawn(&body); err != nil {
			if !errors.Is(err, errQuestion) {
				t.Error(err)
			}
			return
		}
		drawn, err := s.readDrawn(body, run)
		if err != nil {
			if !errors.Is(err, errClaim) {
				t.Error(err)
			}
			return
		}
		if !(drawn.AreaM2 > 1 && drawn.AreaM2 <= mostClaimM2) || claimID(body, run) != claimID(body, run) {
			t.Errorf("%s: %+v", b, drawn)
		}
	})
}
