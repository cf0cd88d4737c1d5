package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// TestCatalogOverHTTP reads the same scenes from a web server, which fails each
// tenth document once: the files of the run are those of the local run.
func TestCatalogOverHTTP(t *testing.T) {
	county := copyCounty(t)
	files := http.FileServer(http.Dir(filepath.Join(county, "scenes")))
	var n, ranges atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Range") != "" {
			ranges.Add(1)
		}
		if strings.HasSuffix(r.URL.Path, ".json") && n.Add(1)%10 == 0 {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		files.ServeHTTP(w, r)
	}))
	defer server.Close()
	local, remote := t.TempDir(), t.TempDir()
	parus(t, "season", "run", filepath.Join(county, "county.toml"), "--out", local)
	edit(t, filepath.Join(county, "county.toml"), `catalog = "scenes/catalog.json"`, `catalog = "`+server.URL+`/catalog.json"`)
	parus(t, "season", "run", filepath.Join(county, "county.toml"), "--out", remote)
	sameFiles(t, "over http", elsewhere(t, local), elsewhere(t, remote))
	if ranges.Load() == 0 {
		t.Error("no ranges were asked for: whole files were fetched")
	}
	if _, err := os.Stat(filepath.Join(remote, "report.html")); err != nil {
		t.Error(err)
	}
}
