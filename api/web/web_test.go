package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/parus-lending/parus/api/web"
)

// The map's own tests: its types against openapi.yaml, and its pure functions.
func TestMapUnits(t *testing.T) {
	need := func(ok bool, why string) {
		if ok {
			return
		}
		if os.Getenv("CI") != "" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	_, err := exec.LookPath("npm")
	need(err == nil, "npm (with node 20.19 or newer) is not installed")
	_, err = os.Stat("node_modules")
	need(err == nil, "the map's libraries are not installed: make build")
	if out, err := exec.Command("npm", "test").CombinedOutput(); err != nil {
		t.Errorf("npm test: %v\n%s", err, out)
	}
}

// Whether or not the map was built, there is a page.
func TestFiles(t *testing.T) {
	files, built, err := web.Files()
	if err != nil || len(files["index.html"]) == 0 {
		t.Fatal(err, len(files))
	}
	if !built {
		return
	}
	if len(files) < 5 { // the page, its script, its style, MapLibre's worker, the service worker
		t.Errorf("only %d files", len(files))
	}
	worker := string(files["sw.js"])
	for name, text := range files {
		if name == "sw.js" {
			continue
		}
		at, sum := "/"+strings.TrimSuffix(name, "index.html"), sha256.Sum256(text)
		if want := fmt.Sprintf("%q:\"sha256-%s\"", at, base64.StdEncoding.EncodeToString(sum[:])); !strings.Contains(worker, want) {
			t.Errorf("sw.js does not keep %s as it is: %s", name, want)
		}
	}
}
