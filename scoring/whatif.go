package scoring

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Under is the same evidence under another credit policy: what a change of the
// policy would do is All of the one beside All of the other.
func (c *County) Under(cp *CreditPolicy) *County { return countyOf(c.index, cp) }

// All decides every applicant and gives the same as Judge of the whole county.
func (c *County) All() []Decision { return c.index.decideAll(c.cp, c.findings) }

// Applicants are those whom All decides, sorted.
func (c *County) Applicants() []string { return c.index.who() }

// Kind is what kind of grower the roster calls an applicant; "" = it does not say.
func (c *County) Kind(grower string) string {
	for _, r := range c.index.roster.of(grower) {
		if r.Kind != "" {
			return r.Kind
		}
	}
	return ""
}

// FirstTime says whether an applicant has no loan on record; known is false
// where no debts feed was given.
func (c *County) FirstTime(grower string) (first, known bool) {
	return len(c.index.debts.of(grower)) == 0, c.index.given("debts")
}

// StoredCreditPolicy reads the credit policy out of what WriteStored wrote, and
// no more of it: the first part of the file is enough.
func StoredCreditPolicy(r io.Reader) (string, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return "", fmt.Errorf("read stored evidence: not a gzip file: %w", err)
	}
	defer z.Close()
	d := json.NewDecoder(z)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return "", errors.New("read stored evidence: it is no JSON object")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return "", fmt.Errorf("read stored evidence: %w", err)
		}
		var text string
		if err := d.Decode(&text); err != nil {
			return "", fmt.Errorf("read stored evidence: its credit policy does not come first: %w", err)
		}
		switch {
		case name == "format" && text != storedFormat:
			return "", fmt.Errorf("read stored evidence: its format is %q, this program reads %q", text, storedFormat)
		case name == "credit_policy":
			return text, nil
		}
	}
	return "", errors.New("read stored evidence: it holds no credit policy")
}

// Village is where a grower's first plot lies: 12 digits of its first parcel's
// code, or "" where the code has no such part.
func (c *County) Village(grower string) string {
	const whole, village = 19, 12
	for _, p := range c.index.plots.of(grower) {
		for _, id := range p.ParcelIDs {
			if len(id) == whole {
				return id[:village]
			}
		}
	}
	return ""
}
