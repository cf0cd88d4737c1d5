package store

import (
	"strings"
	"testing"
)

// Whatever stands in the file, it is read as heads or refused, and what is read
// has numbers that are not negative.
func FuzzHeads(f *testing.F) {
	f.Add("2024-01-01T00:00:00Z 5 " + strings.Repeat("0a", 32) + "\n")
	f.Add("2024-01-01T00:00:00Z 0 \n")
	f.Fuzz(func(t *testing.T, text string) {
		heads, _, err := parseHeads(strings.NewReader(text), "heads")
		for _, h := range heads {
			if err == nil && (h.Seq < 0 || h.Seq > 0 && len(h.Hash) != 64) {
				t.Errorf("%q is read as %+v", text, h)
			}
		}
	})
}
