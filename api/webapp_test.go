package api_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/parus-lending/parus/api/web"
)

// The map's page and where one signs in are open to all; the page may talk to
// the service and its provider only, and is not sent twice.
func TestOpenPages(t *testing.T) {
	s := newService(t)
	status, v := s.ask(t, "", "GET", "/v1/sign-in", "")
	if status != http.StatusOK || v["issuer"] != s.id.Issuer || v["client"] != "parus" {
		t.Error(status, v)
	}
	res, err := http.Get(s.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || res.StatusCode != 200 || !strings.Contains(string(text), "<title>Parus") || res.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("%d %v %.100s %v", res.StatusCode, res.Header, text, err)
	}
	if security := res.Header.Get("Content-Security-Policy"); !strings.Contains(security, "connect-src 'self' "+s.id.Issuer) || !strings.Contains(security, "script-src 'self';") {
		t.Error(security)
	}
	req, _ := http.NewRequest("GET", s.URL+"/", nil)
	req.Header.Set("If-None-Match", res.Header.Get("ETag"))
	if res, err = http.DefaultClient.Do(req); err != nil || res.StatusCode != http.StatusNotModified {
		t.Error(res.Status, err)
	}
	res.Body.Close()
	if _, built, err := web.Files(); err != nil {
		t.Fatal(err)
	} else if built { // the service worker is looked for at each visit, and fetches from here alone
		res, err := http.Get(s.URL + "/sw.js")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if h := res.Header; res.StatusCode != 200 || h.Get("Cache-Control") != "no-cache" || !strings.HasPrefix(h.Get("Content-Type"), "text/javascript") || !strings.Contains(h.Get("Content-Security-Policy"), "worker-src 'self'") {
			t.Errorf("sw.js: %d %v", res.StatusCode, h)
		}
	}
	for _, path := range []string{"/index.html/..", "/../api.go", "/dist/placeholder.html", "/%2e%2e/web.go", "/assets/"} {
		if status, _ := s.ask(t, "", "GET", path, ""); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

// Who takes gzip gets the same page packed, under a tag of its own.
func TestPackedPages(t *testing.T) {
	s := newService(t)
	get := func(encoding, known string) (*http.Response, []byte) {
		return s.send(t, "", "GET", "/", "", "Accept-Encoding", encoding, "If-None-Match", known)
	}
	plain, want := get("identity", "")
	packed, body := get("br, gzip", "")
	if plain.Header.Get("Content-Encoding") != "" || packed.Header.Get("Content-Encoding") != "gzip" || packed.Header.Get("Vary") != "Accept-Encoding" || packed.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Error(plain.Header, packed.Header)
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, want) || len(body) >= len(want) {
		t.Errorf("%d bytes of %d, %d are wanted: %v", len(got), len(body), len(want), err)
	}
	for encoding, tag := range map[string]string{"gzip": packed.Header.Get("ETag"), "identity": plain.Header.Get("ETag")} {
		if res, _ := get(encoding, tag); res.StatusCode != http.StatusNotModified {
			t.Errorf("%s: %s", encoding, res.Status)
		}
	}
}
