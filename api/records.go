package api

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/paulmach/orb"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/parcels"
)

// Records are a county's records, as its county file says: where its store lies,
// how files come into it, and plain files beside it, by feed.
type Records struct {
	feeds.Options
	Files map[string]string
}

// Memory for the claims of counties' records, and what a corner takes of it.
const (
	mostRecorded  = 256 << 20
	bytesOfCorner = 16
	bytesOfClaim  = 500
)

// recordedNear are the claims of a county's own records whose boxes touch a box of
// degrees. They are read again when their files change.
func (s *server) recordedNear(ctx context.Context, county string, box orb.Bound) (near []parcels.Claim, err error) {
	r, ok := s.Records[county]
	if !ok {
		return nil, nil
	}
	var key strings.Builder
	key.WriteString(county)
	for _, path := range feeds.ClaimFiles(r.Files, r.Options) {
		if info, err := os.Stat(path); err == nil {
			fmt.Fprintf(&key, " %d %d", info.Size(), info.ModTime().UnixNano())
		} else {
			key.WriteString(" -")
		}
	}
	all, err := s.recorded.of(ctx, key.String(), func(ctx context.Context) ([]parcels.Claim, int, error) {
		all, err := feeds.Claims(ctx, r.Files, r.Options)
		bytes := 0
		for _, c := range all {
			bytes += bytesOfClaim
			for _, poly := range c.Polygon {
				for _, ring := range poly {
					bytes += bytesOfCorner * len(ring)
				}
			}
		}
		return all, bytes, err
	})
	for _, c := range all {
		if len(c.Polygon) > 0 && c.Polygon.Bound().Intersects(box) {
			near = append(near, c)
		}
	}
	return near, err
}
