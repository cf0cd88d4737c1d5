package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"

	"github.com/parus-lending/parus/api/web"
)

// pages gives the map's files their addresses; index.html is the page at "/". It
// returns which routes these are, all of them open: the map asks for its data
// with the token of whoever has signed in.
func (s *server) pages(r *gin.Engine) (map[string]bool, error) {
	files, _, err := web.Files()
	if err != nil {
		return nil, err
	}
	security := contentSecurity(s.Sign)
	routes := map[string]bool{}
	for name, text := range files {
		at, keep := "/"+name, "no-cache"
		switch {
		case name == "index.html":
			at = "/"
		case strings.HasPrefix(name, "assets/"): // their names hold a hash of what is in them
			keep = "public, max-age=31536000, immutable"
		}
		kind := mime.TypeByExtension(path.Ext(name))
		if kind == "" {
			kind = "application/octet-stream"
		}
		sum := sha256.Sum256(text)
		tag := base64.RawURLEncoding.EncodeToString(sum[:12])
		packed := sync.OnceValue(func() []byte { return pack(text) })
		routes["GET "+at] = true
		r.GET(at, func(c *gin.Context) {
			c.Header("Content-Security-Policy", security)
			c.Header("Referrer-Policy", "no-referrer") // the address holds the code of a sign-in
			c.Header("Cache-Control", keep)
			c.Header("Vary", "Accept-Encoding")
			body, tag := text, tag
			if strings.Contains(c.GetHeader("Accept-Encoding"), "gzip") {
				if body = packed(); len(body) < len(text) {
					c.Header("Content-Encoding", "gzip")
					tag += "-gzip"
				} else {
					body = text
				}
			}
			tag = `"` + tag + `"`
			c.Header("ETag", tag)
			if knows(c, tag) {
				c.Status(http.StatusNotModified)
				return
			}
			c.Header("Content-Length", strconv.Itoa(len(body)))
			c.Data(http.StatusOK, kind, body)
		})
	}
	return routes, nil
}

// pack compresses a file: of the map's scripts a third is left.
func pack(text []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Write(text) // a buffer takes all
	w.Close()
	return out.Bytes()
}

// contentSecurity lets the map load nothing but its own files and talk to
// nobody but the service and its identity providers.
func contentSecurity(providers []SignIn) string {
	connect := []string{"'self'"}
	for _, p := range providers {
		for _, address := range []string{p.Issuer, p.token} {
			if u, err := url.Parse(address); err == nil && u.Host != "" {
				connect = append(connect, u.Scheme+"://"+u.Host)
			}
		}
	}
	return "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; worker-src 'self' blob:; manifest-src 'self'; connect-src " +
		strings.Join(connect, " ") + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
