package scoring

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/parus-lending/parus/parcels"
)

// storedFormat names the layout of a stored run; it changes when older programs
// could not read it any more.
const storedFormat = "parus-evidence-1"

// Stored is all that a run's decisions rest on: the hardened evidence and the
// credit policy's own text, so that every decision can be made again after the
// credit policy file, the feeds and the imagery are gone. Growers are known by
// their keyed code only; polygons of parcels are left out.
type Stored struct {
	Format       string          `json:"format"`
	Version      string          `json:"version"` // of the decision code that wrote it
	CreditPolicy string          `json:"credit_policy"`
	Evidence     *CountyEvidence `json:"evidence"`
}

// WriteStored writes evidence and credit policy as compressed JSON. Equal input
// gives equal bytes.
func WriteStored(w io.Writer, ev *CountyEvidence, creditPolicy []byte) error {
	slim := *ev
	slim.Parcels = make(map[string]parcels.Parcel, len(ev.Parcels))
	for id, p := range ev.Parcels {
		p.Polygon, p.Source = nil, nil // scoring looks at areas, not at shapes
		slim.Parcels[id] = p
	}
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(z)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(Stored{storedFormat, Version, string(creditPolicy), &slim}); err != nil {
		return fmt.Errorf("write evidence: %w", err)
	}
	return z.Close()
}

// mostStored bounds what a stored run may unpack to.
const mostStored = 8 << 30

// ReadStored reads what WriteStored wrote.
func ReadStored(r io.Reader) (*Stored, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("read stored evidence: not a gzip file: %w", err)
	}
	defer z.Close()
	var s Stored
	if err := json.NewDecoder(io.LimitReader(z, mostStored)).Decode(&s); err != nil {
		return nil, fmt.Errorf("read stored evidence: %w", err)
	}
	switch {
	case s.Format != storedFormat:
		return nil, fmt.Errorf("read stored evidence: its format is %q, this program reads %q", s.Format, storedFormat)
	case s.Evidence == nil:
		return nil, errors.New("read stored evidence: it holds none")
	}
	return &s, nil
}

// Judge cross-checks a county's evidence and decides every grower: what a run
// does, and what a replay and a back-test do again.
func Judge(ev *CountyEvidence, cp *CreditPolicy) ([]Finding, []Decision) {
	x := newIndex(ev)
	findings := crossCheck(x, cp)
	return findings, x.decideAll(cp, findings)
}

// JudgeOne decides one grower on his own part of the evidence and gives the
// same bytes as Judge on the whole; false where the evidence has no such
// applicant.
func JudgeOne(ev *CountyEvidence, cp *CreditPolicy, grower string) ([]Finding, Decision, bool) {
	all, decisions := Judge(EvidenceOf(ev, grower), cp)
	var own []Finding
	for _, f := range all {
		if f.GrowerID == grower {
			own = append(own, f)
		}
	}
	for _, d := range decisions {
		if d.GrowerID == grower {
			return own, d, true
		}
	}
	return own, Decision{}, false
}
