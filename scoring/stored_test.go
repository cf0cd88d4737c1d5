package scoring

import (
	"bytes"
	"compress/gzip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func stored(t testing.TB, ev *CountyEvidence, policy []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteStored(&b, ev, policy); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A lender updates the credit policy; the season's decisions are still made
// again byte for byte, from the stored evidence alone, one by one.
func TestReplayAfterACreditPolicyUpdate(t *testing.T) {
	ev := anyCounty(4, growers)
	_, want := Judge(ev, defaults(t))
	file := stored(t, ev, DefaultCreditPolicy())

	updated := strings.Replace(string(DefaultCreditPolicy()), "financed_share_percent = 70", "financed_share_percent = 50", 1)
	newer, err := ParseCreditPolicy([]byte(updated))
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadStored(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	cp, err := ParseCreditPolicy([]byte(s.CreditPolicy))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range want {
		_, got, ok := JudgeOne(s.Evidence, cp, d.GrowerID)
		if !ok || !bytes.Equal(encode(t, got), encode(t, d)) {
			t.Fatalf("%s: the replay differs\n%s\n%s", d.GrowerID, encode(t, got), encode(t, d))
		}
	}
	if _, ds := Judge(s.Evidence, newer); bytes.Equal(encode(t, ds), encode(t, want)) {
		t.Error("the update moves nothing: the test proves nothing")
	}
	if again := stored(t, s.Evidence, []byte(s.CreditPolicy)); !bytes.Equal(again, file) {
		t.Error("stored evidence, read and written again, has other bytes")
	}
}

// GOAMD64=v3 lets the compiler fuse multiplications with additions: floats may
// come out otherwise, decisions may not.
func TestReplayOnTheOtherFloatingPointSetting(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("GOAMD64 means something on amd64 only")
	}
	if cpu, err := os.ReadFile("/proc/cpuinfo"); err != nil || !bytes.Contains(cpu, []byte(" fma ")) || !bytes.Contains(cpu, []byte(" avx2 ")) {
		t.Skip("this processor cannot run GOAMD64=v3 programs")
	}
	file := stored(t, anyCounty(5, 4*growers), DefaultCreditPolicy())
	var out [][]byte
	for _, level := range []string{"v1", "v3"} {
		bin := filepath.Join(t.TempDir(), "rejudge-"+level)
		build := exec.Command("go", "build", "-o", bin, "./testdata/rejudge")
		build.Env = append(os.Environ(), "GOAMD64="+level, "CGO_ENABLED=0")
		if said, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build for %s: %v\n%s", level, err, said)
		}
		c := exec.Command(bin)
		c.Stdin = bytes.NewReader(file)
		got, err := c.Output()
		if err != nil {
			t.Fatalf("%s: %v", level, err)
		}
		out = append(out, got)
	}
	if len(out[0]) < 10_000 || !bytes.Equal(out[0], out[1]) {
		t.Errorf("%d bytes on v1, %d on v3: they must be equal, and not few", len(out[0]), len(out[1]))
	}
}

func TestReadStoredRefuses(t *testing.T) {
	pack := func(s string) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write([]byte(s))
		z.Close()
		return b.Bytes()
	}
	for what, c := range map[string]struct {
		file []byte
		says string
	}{
		"not gzip":     {[]byte("{}"), "not a gzip file"},
		"not JSON":     {pack("no"), "read stored evidence"},
		"other format": {pack(`{"format":"parus-evidence-9","evidence":{}}`), "parus-evidence-9"},
		"empty":        {pack(`{"format":"parus-evidence-1"}`), "holds none"},
	} {
		if _, err := ReadStored(bytes.NewReader(c.file)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want an error with %q", what, err, c.says)
		}
	}
}

func TestCompareDecisions(t *testing.T) {
	// By hand: anna's 3,000 become 2,000 (1,000 moved), bert's 500 go to a
	// person (500 moved), carl stays declined, dora comes in with 400.
	from := []Decision{{GrowerID: "anna", Outcome: Admit, Limit: 3000_00}, {GrowerID: "bert", Outcome: Admit, Limit: 500_00}, {GrowerID: "carl", Outcome: Decline}, {GrowerID: "dora", Outcome: Refer, Limit: 400_00}}
	to := []Decision{{GrowerID: "carl", Outcome: Decline}, {GrowerID: "anna", Outcome: Admit, Limit: 2000_00}, {GrowerID: "bert", Outcome: Refer, Limit: 500_00}, {GrowerID: "dora", Outcome: Admit, Limit: 400_00}}
	m := CompareDecisions(from, to)
	if m.Decisions != 4 || m.Changed != 3 || m.MoneyFrom != 3500_00 || m.MoneyTo != 2400_00 || m.MoneyMoved != 1900_00 {
		t.Errorf("%+v", m)
	}
	if m.Outcomes[Admit][Refer] != 1 || m.Outcomes[Decline][Decline] != 1 || m.List[0].GrowerID != "anna" || len(m.List) != 3 {
		t.Errorf("%+v", m)
	}
}

// Whatever a stored file holds, judging it ends without a panic.
func FuzzReadStored(f *testing.F) {
	f.Add(stored(f, county(), DefaultCreditPolicy()))
	f.Add(stored(f, anyCounty(2, 3), DefaultCreditPolicy()))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadStored(bytes.NewReader(b))
		if (s == nil) == (err == nil) {
			t.Errorf("%v, %v", s, err)
		}
	})
}
