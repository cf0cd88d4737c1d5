package identity

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func writeFile(t *testing.T, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "identity.key")
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// The wanted codes come from openssl:
//
//	printf 11010519491231002X | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…1f
func TestGrowerID(t *testing.T) {
	path := writeFile(t, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n", 0o600)
	k, err := LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	const want = "a66755453b106dce"
	for _, number := range []string{"11010519491231002X", " 11010519491231002x\t", "１１０１０５１９４９１２３１００２Ｘ", "110105491231002"} {
		if got := k.GrowerID(number); got != want {
			t.Errorf("GrowerID(%q) = %s, want %s", number, got, want)
		}
	}
	if k.Pseudonym("household", "11010519491231002X") == want {
		t.Error("a pseudonym for another use must differ from the grower ID")
	}
	if k.Warning() != "" {
		t.Errorf("unasked warning: %s", k.Warning())
	}
}

// 11010519491231002X is the example of GB 11643-1999 itself; 440524188001010014
// its second. 91350100M000100Y43 is the example of GB 32100-2015.
func TestPublishedNumbers(t *testing.T) {
	for _, s := range []string{"11010519491231002X", "440524188001010014"} {
		if err := CheckIDCard(s); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
	if err := CheckCreditCode("91350100M000100Y43"); err != nil {
		t.Error(err)
	}
	for _, s := range []string{"", "1", "110105194912310021", "11010519491431002X", "1101051949123100XX", "91350100M000100Y44", "9135010OM000100Y43", "张三张三张三"} {
		if Check(s) == nil {
			t.Errorf("Check(%q) found nothing", s)
		}
	}
}

// One wrong character, or two neighbours swapped, is always found: that is what
// both check systems promise (ISO 7064 for the first).
func TestOneWrongCharacter(t *testing.T) {
	card := IDCard("000000", time.Date(1970, 2, 3, 0, 0, 0, 0, time.UTC), 7)
	firm := CreditCode("000000", 42)
	for _, s := range []string{card, firm} {
		if err := Check(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	for i := range 17 {
		for d := byte('0'); d <= '9'; d++ {
			if b := []byte(card); b[i] != d {
				b[i] = d
				if CheckIDCard(string(b)) == nil {
					t.Errorf("%s passed for %s", b, card)
				}
			}
			if b := []byte(firm); b[i] != d {
				b[i] = d
				if CheckCreditCode(string(b)) == nil {
					t.Errorf("%s passed for %s", b, firm)
				}
			}
		}
	}
}

func TestKeyFiles(t *testing.T) {
	dir := t.TempDir()
	a, b, c := filepath.Join(dir, "a"), filepath.Join(dir, "b"), filepath.Join(dir, "c")
	for path, seed := range map[string][]int64{a: {5}, b: {5}, c: nil} {
		if err := NewKeyFile(path, seed...); err != nil {
			t.Fatal(err)
		}
	}
	ka, _ := LoadKey(a)
	kb, _ := LoadKey(b)
	kc, err := LoadKey(c)
	if err != nil || ka.IsZero() || ka.GrowerID("x") != kb.GrowerID("x") || ka.GrowerID("x") == kc.GrowerID("x") {
		t.Error("equal seeds must give equal keys, a random key another", err)
	}
	if NewKeyFile(c) == nil || NewKeyFile(c, 1) == nil || NewKeyFile(a) == nil {
		t.Error("a key was written over")
	}
	if err := NewKeyFile(a, 6); err != nil {
		t.Errorf("a sample key may be made anew: %v", err)
	}
	if info, _ := os.Stat(c); info.Mode().Perm() != 0o600 {
		t.Errorf("key file has mode %v", info.Mode())
	}
	if err := os.Chmod(c, 0o644); err != nil {
		t.Fatal(err)
	}
	if k, err := LoadKey(c); err != nil || !strings.Contains(k.Warning(), "chmod 600") {
		t.Errorf("world-readable key: %v, warning %q", err, k.Warning())
	}
}

func TestBadKeyFiles(t *testing.T) {
	_, err := LoadKey(filepath.Join(t.TempDir(), "none"))
	if err == nil || !strings.Contains(err.Error(), "openssl rand -hex 32") {
		t.Errorf("missing key: %v", err)
	}
	for _, text := range []string{"", "abcd", "a secret phrase, not hexadecimal, but long enough to be a key of its own", strings.Repeat("00", 32)} {
		_, err := LoadKey(writeFile(t, text, 0o600))
		if err == nil || !strings.Contains(err.Error(), "openssl") || len(text) > 3 && strings.Contains(err.Error(), text) {
			t.Errorf("key %q: %v", text, err)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("11010519491231002X")
	f.Add("91350100M000100Y43")
	f.Add("110105491231002")
	f.Add("\xff\x00１")
	f.Fuzz(func(t *testing.T, s string) {
		c := Canonical(s)
		if Canonical(c) != c {
			t.Errorf("Canonical is not stable: %q → %q → %q", s, c, Canonical(c))
		}
		if (Check(s) == nil) != (Check(c) == nil) {
			t.Errorf("Check(%q) and Check(%q) differ", s, c)
		}
	})
}

// An ID number with one wrong digit is never taken for a credit code, though its
// check character may fit one: 10,000 numbers of nobody, each with the wrong last
// digits.
func TestSlipIsNoCreditCode(t *testing.T) {
	fit := 0
	for i := range 1000 {
		good := IDCard("000000", time.Date(1950+i%50, 1, 1+i%28, 0, 0, 0, 0, time.UTC), i)
		for d := range 10 {
			bad := good[:17] + string(rune('0'+d))
			if bad == good {
				continue
			}
			if CheckCreditCode(bad) == nil {
				fit++
			}
			if Check(bad) == nil {
				t.Fatalf("%s passes", bad)
			}
		}
	}
	if fit == 0 {
		t.Error("no number fits a credit code: the test tries nothing")
	}
}
