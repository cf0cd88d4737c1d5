package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/api/web"
	"github.com/parus-lending/parus/data/cluster/clustertest"
)

// Two people at the map of `parus demo`, each in a real Chromium: api/web/test/browser.mjs
// says what they do. PARUS_KEEP_SHOTS is a folder to keep screenshots in,
// PARUS_STEPS are the steps to run, all by default.
func TestMapInABrowser(t *testing.T) {
	need := func(ok bool, why string) {
		if ok {
			return
		}
		if os.Getenv("CI") != "" {
			t.Fatal(why)
		}
		t.Skip(why)
	}
	clustertest.Need(t)
	const script = "../../api/web/test/browser.mjs"
	_, built, err := web.Files()
	if err != nil {
		t.Fatal(err)
	}
	need(built, "the map is not built: make build")
	_, err = exec.LookPath("node")
	need(err == nil, "node is not installed")
	_, err = os.Stat("../../api/web/node_modules/playwright-core")
	need(err == nil, "the map's libraries are not installed: make build")
	chromium, err := exec.LookPath("chromium")
	need(err == nil, "Chromium is not installed: tools/setup.sh packages test")

	folder := clustertest.Folder(t)
	demo, address := startDemo(t, folder)
	people := contractors(t, folder)
	names := []string{}
	for _, p := range people[1:] {
		names = append(names, p[2]) // CBFMC
	}
	ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", append([]string{script, address}, strings.Fields(os.Getenv("PARUS_STEPS"))...)...)
	cmd.Env = append(os.Environ(), "CHROMIUM="+chromium, "NAMES="+strings.Join(names, ","), "PARCEL=3415991012010100084", "SHOTS="+os.Getenv("PARUS_KEEP_SHOTS"))
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
	demo.Process.Signal(os.Interrupt)
	demo.Wait()
}
