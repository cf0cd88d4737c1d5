package api

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
)

// errQuestion marks what is wrong with a question.
var errQuestion = errors.New("bad question")

// fail answers with a problem (RFC 9457) and ends the request.
func fail(c *gin.Context, status int, kind, title, detail string) {
	p := contract.Problem{Type: "urn:parus:problem:" + kind, Title: title, Status: status}
	if detail != "" {
		p.Detail = &detail
	}
	if id := c.GetString(requestKey); id != "" {
		p.Instance = &id
	}
	b, err := json.Marshal(p)
	if err != nil {
		b = []byte(`{"type":"about:blank","title":"internal","status":500}`)
	}
	if status == http.StatusUnauthorized {
		c.Header("WWW-Authenticate", "Bearer")
	}
	c.Header("Cache-Control", "no-store")
	c.Abort()
	c.Data(status, "application/problem+json", b)
}
