package scoring

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Scope says whom a credit policy, or one override in it, is for. An empty list
// means all.
type Scope struct {
	Counties   []string `toml:"counties" parus:"optional"` // six digits
	Seasons    []string `toml:"seasons" parus:"optional"`
	Industries []string `toml:"industries" parus:"optional"` // as under industries
	Operators  []string `toml:"operators" parus:"optional"`  // person, household, family_farm, coop, company
}

// Applicant is the place of one decision among the scopes.
type Applicant struct{ County, Season, Industry, Operator string }

func (s Scope) holds(a Applicant) bool {
	in := func(list []string, v string) bool { return len(list) == 0 || slices.Contains(list, v) }
	return in(s.Counties, a.County) && in(s.Seasons, a.Season) && in(s.Industries, a.Industry) && in(s.Operators, a.Operator)
}

// Industry groups crops that are lent on by one set of rules.
type Industry struct {
	Crops []string `toml:"crops"`
	// Unseen: the crop cannot be judged from above (under-forest herbs, sheds,
	// mushrooms). Records and the grower's own proof speak for it, an officer
	// decides; imagery checks only that the land is as claimed.
	Unseen bool `toml:"unseen" parus:"optional"`
	// Ground is what imagery must show of an unseen industry's land: covered
	// (sheds, film, glass) or green (trees); "" = nothing is asked.
	Ground string `toml:"ground" parus:"optional"`
	// SelfProof names feeds of which one must hold a record of the grower.
	SelfProof []string `toml:"self_proof" parus:"optional"`
}

// Override changes some values of a credit policy for some applicants. Several
// may hold; the later in the file wins.
type Override struct {
	Scope
	Why string         `toml:"why"`
	Set map[string]any `toml:"set"` // in the layout of the whole file
}

// Operators are the kinds of grower, as the roster names them.
var Operators = []string{"person", "household", "family_farm", "coop", "company"}

// mostOverrides bounds how many ways a file can read.
const mostOverrides = 24

// For is the credit policy as it reads for an applicant.
func (cp *CreditPolicy) For(a Applicant) *CreditPolicy {
	if len(cp.Overrides) == 0 {
		return cp
	}
	if v := cp.variants[cp.mask(a)]; v != nil {
		return v
	}
	return cp
}

// mask has a bit for every override that holds.
func (cp *CreditPolicy) mask(a Applicant) (m uint32) {
	for i := range cp.Overrides {
		if cp.Overrides[i].holds(a) {
			m |= 1 << i
		}
	}
	return m
}

// industryOf is the industry that a crop belongs to; "" = none.
func (cp *CreditPolicy) industryOf(crop string) string {
	for _, name := range cp.industryNames {
		if slices.Contains(cp.Industries[name].Crops, crop) {
			return name
		}
	}
	return ""
}

// unseen reports whether a crop cannot be judged from above.
func (cp *CreditPolicy) unseen(crop string) bool { return cp.Industries[cp.industryOf(crop)].Unseen }

// resolve makes every way in which the file can read, by the values that its
// scopes name and one that none names.
func (cp *CreditPolicy) resolve(raw map[string]any) error {
	cp.industryNames = sortedKeys(cp.Industries)
	if len(cp.Overrides) == 0 {
		return nil
	}
	if len(cp.Overrides) > mostOverrides {
		return fmt.Errorf("override: %d stand in the file, at most %d", len(cp.Overrides), mostOverrides)
	}
	counties, seasons := []string{""}, []string{""}
	for _, o := range cp.Overrides {
		counties, seasons = append(counties, o.Counties...), append(seasons, o.Seasons...)
	}
	cp.variants = map[uint32]*CreditPolicy{}
	for _, c := range append(unique(counties), "") {
		for _, s := range append(unique(seasons), "") {
			for _, i := range append(slices.Clone(cp.industryNames), "") {
				for _, o := range append(slices.Clone(Operators), "") {
					m := cp.mask(Applicant{c, s, i, o})
					if m == 0 || cp.variants[m] != nil {
						continue
					}
					v, err := cp.variant(raw, m)
					if err != nil {
						return err
					}
					cp.variants[m] = v
				}
			}
		}
	}
	return nil
}

// variant reads the file with the overrides of a mask laid over it.
func (cp *CreditPolicy) variant(raw map[string]any, m uint32) (*CreditPolicy, error) {
	merged := overlay(nil, raw).(map[string]any)
	delete(merged, "override")
	var names []string
	for i, o := range cp.Overrides {
		if m&(1<<i) != 0 {
			merged = overlay(merged, o.Set).(map[string]any)
			names = append(names, fmt.Sprintf("override[%d]", i))
		}
	}
	var text bytes.Buffer
	if err := toml.NewEncoder(&text).Encode(merged); err != nil {
		return nil, err
	}
	v := &CreditPolicy{}
	if _, err := toml.Decode(text.String(), v); err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(names, " with "), err)
	}
	v.industryNames = sortedKeys(v.Industries)
	if wrong := v.validate(); len(wrong) > 0 {
		return nil, errors.New(strings.Join(names, " with ") + ": " + strings.Join(wrong, "; "))
	}
	v.laid = names
	return v, nil
}

// overlay lays tables of b over those of a; all else of b replaces a's.
func overlay(a, b any) any {
	over, ok := b.(map[string]any)
	if !ok {
		return b
	}
	under, _ := a.(map[string]any)
	out := make(map[string]any, len(under)+len(over))
	for k, v := range under {
		out[k] = v
	}
	for k, v := range over {
		out[k] = overlay(under[k], v)
	}
	return out
}

// notOverridden are keys that are the file's own.
var notOverridden = []string{"id", "version", "effective_from", "effective_to", "author", "approved_by", "approved_on", "scope", "override", "industries", "thresholds"}

// walkOverride checks the keys of one override.
func walkOverride(set any, path string, wrong *[]string) {
	table, _ := set.(map[string]any)
	for _, k := range notOverridden {
		if _, ok := table[k]; ok {
			*wrong = append(*wrong, path+"."+k+" cannot be overridden")
			delete(table, k)
		}
	}
	walkKeys(set, reflect.TypeFor[CreditPolicy](), path, true, wrong)
}

// Released says why a credit policy may not decide yet: a second person has to
// approve what its author wrote. nil = it may.
func (cp *CreditPolicy) Released() error {
	switch {
	case cp.Author == "":
		return errors.New("it names no author: write author = \"…\"")
	case cp.ApprovedBy == "":
		return fmt.Errorf("nobody has approved it: a second person besides %s looks at `parus credit-policy simulate` and writes approved_by and approved_on", cp.Author)
	case strings.EqualFold(strings.TrimSpace(cp.Author), strings.TrimSpace(cp.ApprovedBy)):
		return fmt.Errorf("%s wrote and approved it: approved_by must be a second person", cp.Author)
	case cp.ApprovedOn.IsZero():
		return errors.New("approved_on is missing: write the day of the approval")
	}
	return nil
}
