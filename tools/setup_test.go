// Package tools_test holds set-up to its one list of packages.
package tools_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var roles = []string{"build", "test", "run", "demo"}

type pkg struct{ name, version, role string }

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// packages reads the list on its own, not through setup.sh.
func packages(t *testing.T) []pkg {
	t.Helper()
	var out []pkg
	seen := map[string]bool{}
	for i, line := range strings.Split(read(t, "packages.txt"), "\n") {
		f := strings.Fields(line)
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if len(f) < 4 {
			t.Fatalf("packages.txt:%d: want name, version, role and what for: %q", i+1, line)
		}
		p := pkg{f[0], f[1], f[2]}
		for role := range strings.SplitSeq(p.role, ",") {
			if !slices.Contains(roles, role) {
				t.Errorf("packages.txt:%d: %q is no role", i+1, role)
			}
		}
		if seen[p.name] {
			t.Errorf("packages.txt:%d: %s stands twice", i+1, p.name)
		}
		seen[p.name] = true
		out = append(out, p)
	}
	if len(out) < 3 {
		t.Fatal("packages.txt lists hardly anything")
	}
	return out
}

func TestSetupReadsTheList(t *testing.T) {
	all := packages(t)
	for _, role := range roles {
		var want strings.Builder
		for _, p := range all {
			if slices.Contains(strings.Split(p.role, ","), role) {
				want.WriteString(p.name + " " + p.version + "\n")
			}
		}
		got, err := exec.Command("./setup.sh", "list", role).Output()
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want.String() {
			t.Errorf("setup.sh list %s:\n%swant\n%s", role, got, want.String())
		}
	}
}

// The Dockerfile takes every Debian package and ONNX Runtime through setup.sh,
// so its list cannot differ from the Makefile's. npm ci installs what the map's
// lock file names and nothing else.
func TestDockerfileAndMakefileReadTheSameList(t *testing.T) {
	docker, mk := read(t, "../Dockerfile"), read(t, "../Makefile")
	for _, own := range []string{"apt-get", "apt ", "npm install", "npm pack", "npx", "pip", "dpkg"} {
		for _, line := range strings.Split(docker, "\n") {
			if strings.HasPrefix(line, "RUN") && strings.Contains(line, own) {
				t.Errorf("Dockerfile installs by itself: %s", line)
			}
		}
		if regexp.MustCompile(`(?m)^\t.*\b` + regexp.QuoteMeta(strings.Fields(own)[0]) + ` +(install|pack|download)`).MatchString(mk) {
			t.Errorf("Makefile installs by itself with %s", own)
		}
	}
	for _, want := range []string{"tools/setup.sh packages build", "tools/setup.sh packages run", "tools/setup.sh ort", "COPY tools"} {
		if !strings.Contains(docker, want) {
			t.Errorf("Dockerfile does not call %q", want)
		}
	}
	for _, want := range []string{"tools/setup.sh packages build", "tools/setup.sh packages test", "tools/setup.sh ort"} {
		if !strings.Contains(mk, want) {
			t.Errorf("Makefile does not call %q", want)
		}
	}
	for _, p := range packages(t) {
		if regexp.MustCompile(`(^|[ \t])` + regexp.QuoteMeta(p.name) + `([ \t=]|$)`).MatchString(docker) {
			t.Errorf("Dockerfile names the package %s itself", p.name)
		}
	}
}

// Both build with the same Go and the same flags, and Go is go.mod's.
func TestBuildsAlike(t *testing.T) {
	mod := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(read(t, "../go.mod"))
	if mod == nil || !strings.Contains(read(t, "../Dockerfile"), "golang:"+mod[1]+"-") {
		t.Errorf("go.mod says Go %v, the Dockerfile builds with another", mod)
	}
	flags := regexp.MustCompile(`go build (.*?) -ldflags "-X main\.version=`)
	a, b := flags.FindStringSubmatch(read(t, "../Makefile")), flags.FindStringSubmatch(read(t, "../Dockerfile"))
	if a == nil || b == nil || a[1] != b[1] {
		t.Errorf("flags of go build: Makefile %v, Dockerfile %v", a, b)
	}
}

// A library with another sum than the pinned one is never left in place as if
// it were right: setup asks for a new one. With no way to fetch it, it fails
// and says how to go on.
func TestWrongLibraryIsNotTaken(t *testing.T) {
	dir, empty := t.TempDir(), t.TempDir()
	lib := filepath.Join(dir, "libonnxruntime.so.1")
	if err := os.WriteFile(lib, []byte("not the library"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tool := range []string{"bash", "dirname", "uname", "sha256sum", "cut", "mktemp", "rm", "mkdir"} {
		p, err := exec.LookPath(tool)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(p, filepath.Join(empty, tool)); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command("bash", "setup.sh", "ort", dir)
	c.Env = []string{"PATH=" + empty, "HOME=" + dir}
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "PARUS_NO_ORT=1") {
		t.Errorf("want a failure that names PARUS_NO_ORT=1, got %v\n%s", err, out)
	}
}
