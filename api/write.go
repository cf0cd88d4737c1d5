package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"crypto/rand"

	"github.com/gin-gonic/gin"
)

// write answers with JSON and its ETag; who has it already gets 304.
func (s *server) write(c *gin.Context, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	sum := sha256.Sum256(b)
	tag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	c.Header("Cache-Control", "private, no-cache") // each asker his own, asked anew
	c.Header("Vary", "Authorization")
	if c.Request.Method == http.MethodGet {
		c.Header("ETag", tag)
		if knows(c, tag) {
			c.Status(http.StatusNotModified)
			return
		}
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", b)
}

// knows says whether who asks has what the tag stands for.
func knows(c *gin.Context, tag string) bool {
	for known := range strings.SplitSeq(c.GetHeader("If-None-Match"), ",") {
		if known = strings.TrimPrefix(strings.TrimSpace(known), "W/"); known == tag || known == "*" {
			return true
		}
	}
	return false
}

// requestKey is where the number of a request stands.
const requestKey = "request"

// record numbers a request and writes it to the log when it is done: who, what,
// how long; never what was in it.
func (s *server) record(c *gin.Context) {
	began, id := time.Now(), rand.Text()[:12]
	c.Set(requestKey, id)
	c.Header("X-Request-Id", id)
	c.Header("X-Content-Type-Options", "nosniff")
	c.Next()
	if s.Metrics != nil {
		s.Metrics.answered(c, time.Since(began))
	}
	level := slog.LevelInfo
	if c.Writer.Status() >= 500 {
		level = slog.LevelError
	}
	s.Log.Log(c.Request.Context(), level, "request", "id", id, "method", c.Request.Method, "route", c.FullPath(), "status", c.Writer.Status(),
		"asker", asker(c).ID, "role", asker(c).Role, "ms", time.Since(began).Milliseconds())
}
