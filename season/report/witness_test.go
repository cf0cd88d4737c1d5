package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parus-lending/parus/data/rundir"
)

// Each grower of the made-up run has two plots, each with one crop on which
// grower and satellite agree and the government differs from both.
func TestSheetShowsWitnesses(t *testing.T) {
	dir := makeRun(t, 4)
	html := built(t, dir)
	for what, n := range map[string]int{
		`<td class="n">2 ✓</td>`:                                  4, // self-satellite and back, on two sheets
		`<td class="n">0 ✓ <span class="differs">2 ✗</span></td>`: 8,
		`<td class="n nw">2.88 – 3.60</td>`:                       4, // 0.8 × 3.6 mu
		`<td class="nw">2024-08-31</td>`:                          1, // the lease ends within the season; the other parcel's does not
		`<td class="nw">2024-01-01</td>`:                          1,
		`CGCS2000 is taken as equal to WGS 84`:                    0,
	} {
		if got := strings.Count(html, what); got < max(n, 1) || n > 0 && got != n {
			t.Errorf("%s stands %d times, want %d", what, got, n)
		}
	}
	for _, f := range []string{rundir.AreasFile, rundir.AgreementFile, rundir.TenureFile} { // a run of an earlier version
		if err := os.Remove(filepath.Join(dir, f)); err != nil {
			t.Fatal(err)
		}
	}
	if old := built(t, dir); strings.Contains(old, "2.88 – 3.60") {
		t.Error("the sheet shows areas that no file gives")
	}
}
