package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/rundir"
)

// The tests here run the program itself, as a user does: this test binary
// called again with PARUS_MAIN=1 is parus.
func TestMain(m *testing.M) {
	if os.Getenv("PARUS_MAIN") == "1" {
		os.Exit(run(os.Args[1:]))
	}
	os.Exit(m.Run())
}

func parus(t *testing.T, args ...string) string {
	t.Helper()
	out, err := command(args...).CombinedOutput()
	if err != nil {
		t.Fatalf("parus %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func command(args ...string) *exec.Cmd {
	c := exec.Command(os.Args[0], args...)
	c.Env = append(os.Environ(), "PARUS_MAIN=1")
	return c
}

// smallCounty is one sample county for the tests of this package.
func smallCounty(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("parus-e2e-%d", os.Getpid()))
	if _, err := os.Stat(filepath.Join(dir, "county.toml")); err != nil {
		parus(t, "sample", "county", "--out", dir, "--seed", "11", "--parcels", "120", "--scenes", "14")
	}
	return dir
}

// sums hashes the public files of a run but for run.json and report.html,
// which hold the seconds the run took.
func sums(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == "cache" {
				return fs.SkipDir
			}
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		if rel == "run.json" || rel == "report.html" {
			return nil
		}
		b, err := os.ReadFile(path)
		out[rel] = fmt.Sprintf("%x", sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 8 {
		t.Fatalf("%s holds only %d public files: %v", dir, len(out), out)
	}
	return out
}

func sameFiles(t *testing.T, what string, want, got map[string]string) {
	t.Helper()
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s: %s differs (or is missing)", what, name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s: %s should not be there", what, name)
		}
	}
}

// elsewhere sums up a run whose scenes lie in another place than those of the run
// that it is held against: of scenes.json which scenes they are and how clear,
// not from where and as of which writing of a file they were read.
func elsewhere(t *testing.T, run string) map[string]string {
	t.Helper()
	all := sums(t, run)
	scenes, err := rundir.ReadScenes(run)
	if err != nil || len(scenes) == 0 {
		t.Fatalf("scenes.json: %d scenes, %v", len(scenes), err)
	}
	all["scenes.json"] = ""
	for _, s := range scenes {
		all["scenes.json"] += fmt.Sprintf("%s %s %d bands, %g clear\n", s.Scene.ID, s.Scene.Time, len(s.Scene.Assets), s.Clear)
	}
	return all
}

// TestKilledRunContinues kills a run with SIGKILL at three stages; started
// again it ends in the bytes of an undisturbed run.
func TestKilledRunContinues(t *testing.T) {
	county := filepath.Join(smallCounty(t), "county.toml")
	whole := t.TempDir()
	parus(t, "season", "run", county, "--out", whole)
	want := sums(t, whole)
	out := t.TempDir()
	for _, glob := range []string{"sample-*", "observe-*", "series-*"} {
		c := command("season", "run", county, "--out", out)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		deadline := time.Now().Add(time.Minute)
		for time.Now().Before(deadline) {
			if m, _ := filepath.Glob(filepath.Join(out, "cache", glob)); len(m) > 1 || glob == "series-*" && len(m) > 0 {
				break
			}
			time.Sleep(2 * time.Millisecond)
		}
		c.Process.Kill()
		c.Wait()
		if m, _ := filepath.Glob(filepath.Join(out, "cache", glob)); len(m) == 0 {
			t.Fatalf("the run made no %s within a minute", glob)
		}
	}
	parus(t, "season", "run", county, "--out", out)
	got := sums(t, out)
	for name := range got {
		if strings.Contains("/"+filepath.ToSlash(name), "/.tmp-") { // what the kill left half-written; hidden, and `season clean` removes it
			delete(got, name)
		}
	}
	sameFiles(t, "killed and continued", want, got)
}

// TestTwoProcessesOneFolder runs the season twice at once on one folder.
func TestTwoProcessesOneFolder(t *testing.T) {
	county := filepath.Join(smallCounty(t), "county.toml")
	whole, out := t.TempDir(), t.TempDir()
	parus(t, "season", "run", county, "--out", whole)
	var both []*exec.Cmd
	var said [2]bytes.Buffer
	for i := range 2 {
		c := command("season", "run", county, "--out", out)
		c.Stdout, c.Stderr = &said[i], &said[i]
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		both = append(both, c)
	}
	for i, c := range both {
		if err := c.Wait(); err != nil {
			t.Fatalf("process %d: %v\n%s", i+1, err, said[i].String())
		}
	}
	sameFiles(t, "two processes", sums(t, whole), sums(t, out))
}

// TestNoNamesInRun searches every file of a run for the names, ID numbers and
// phones of the county's people.
func TestNoNamesInRun(t *testing.T) {
	dir := smallCounty(t)
	secrets := personal(t, dir)
	if len(secrets) < 30 {
		t.Fatalf("only %d names, numbers and phones found in the contractors file: the test would prove nothing", len(secrets))
	}
	out := t.TempDir()
	parus(t, "season", "run", filepath.Join(dir, "county.toml"), "--out", out)
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err == nil && strings.HasSuffix(path, ".gz") {
			b, err = unpacked(b)
		}
		for _, s := range secrets {
			if bytes.Contains(b, []byte(s)) {
				t.Errorf("%s holds %q", path, s)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// unpacked is what stands in a gzip file.
func unpacked(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// personal are the values of the personal columns of the contractors feed.
func personal(t *testing.T, dir string) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "contractors.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i, h := range rows[0] {
		switch strings.ToUpper(h) {
		case "CBFMC", "CBFZJHM", "LXDH", "NAME", "ID_NUMBER", "PHONE":
			for _, r := range rows[1:] {
				if len([]rune(r[i])) >= 2 {
					out = append(out, r[i])
				}
			}
		}
	}
	return out
}
