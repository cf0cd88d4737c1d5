package api

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/store"
)

// DownloadClaims gives a county's kept claims as a file of the claims feed: taken in
// by `parus import claims` or the imports page, they are records of the next run.
func (s *server) DownloadClaims(c *gin.Context, q contract.DownloadClaimsParams) {
	season := deref(q.Season)
	err := errors.Join(aCounty(q.County), inLength("season", season, 0, 40), plain("season", season))
	var file []byte
	if err == nil {
		claims, no := s.Store.ClaimRecords(c.Request.Context(), asker(c), q.County, season)
		if errors.Is(no, store.ErrManyClaims) {
			no = fmt.Errorf("%w: %w: name a season", errQuestion, no)
		}
		if err = no; err == nil {
			file, err = feeds.KeptClaims(claims).CSV()
		}
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="claims-%s.csv"`, q.County))
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "text/csv; charset=utf-8", file)
}
