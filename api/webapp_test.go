package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
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
	for _, path := range []string{"/index.html/..", "/../api.go", "/dist/placeholder.html", "/%2e%2e/web.go", "/assets/"} {
		if status, _ := s.ask(t, "", "GET", path, ""); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}
