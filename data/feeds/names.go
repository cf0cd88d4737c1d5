package feeds

import (
	"slices"
	"strings"
)

// byName finds the household that a paper names by its head and village alone.
// Only one household of that name in the village will do: no guess is made.
func (r *row) byName(field, name string) string {
	p := r.s.people
	if !p.given {
		r.reject(field, "a name alone does not tell the grower, and there is no contractors feed", "give the contractors feed, or the ID number")
		return ""
	}
	place, _ := r.raw("village")
	codes := slices.Clone(p.names[r.s.opt.Key.Pseudonym("name", name)])
	if len(codes) == 0 {
		r.reject(field, "no contractor has this name", "give the ID number or contractor code")
		return ""
	}
	if place != "" {
		var here []string
		for _, c := range codes {
			if p.lies(c, place) {
				here = append(here, c)
			}
		}
		codes = here
	}
	growers := map[string]bool{}
	for _, c := range codes {
		growers[p.growers[c]] = true
	}
	switch {
	case place == "" && len(growers) > 1:
		r.reject(field, "several contractors have this name, and the row names no village", "add the village, the ID number or the contractor code")
	case len(growers) == 0:
		r.reject(field, "no contractor of this name lives in the village", "check the village, give its code (12 digits), or give the ID number")
	case len(growers) > 1:
		r.reject(field, "several contractors of this name live in the village", "give the ID number or the contractor code")
	default:
		return p.growers[codes[0]]
	}
	return ""
}

// lies reports whether a contractor code belongs to a village, which is given by
// the beginning of its code (9 to 14 digits) or by a name that the issuers feed
// has.
func (p *people) lies(code, place string) bool {
	if isDigits(place) && len(place) >= 9 {
		return strings.HasPrefix(code, place)
	}
	if place = plain(place); place == "" {
		return false
	}
	for _, v := range p.villages {
		if v.name != "" && (strings.Contains(v.name, place) || strings.Contains(place, v.name)) && strings.HasPrefix(code, v.reach()) {
			return true
		}
	}
	return false
}

// reach is what the codes of a village's people begin with: group 00 stands for
// the whole village, village 000 for the whole town (GB/T 10114).
func (v village) reach() string {
	switch {
	case len(v.code) == 14 && strings.HasSuffix(v.code, "00000"):
		return v.code[:9]
	case len(v.code) == 14 && strings.HasSuffix(v.code, "00"):
		return v.code[:12]
	}
	return v.code
}

// named are the names of towns (9 digits) and villages (12) that the issuers feed
// gives. A village that it names by its groups alone is called what these have in
// common at the beginning.
func (p *people) named() map[string]string {
	out, groups := map[string]string{}, map[string][]string{}
	for _, v := range p.villages {
		if v.name == "" || len(v.code) != 14 || !isDigits(v.code) {
			continue
		}
		if at := v.reach(); len(at) < 14 {
			out[at] = v.name
		} else {
			groups[at[:homeDigits]] = append(groups[at[:homeDigits]], v.name)
		}
	}
	for code, names := range groups {
		if _, whole := out[code]; whole {
			continue
		}
		if name := inCommon(names); name != "" {
			out[code] = name
		}
	}
	return out
}

// inCommon is how all names begin, without the beginning of a group's number.
func inCommon(names []string) string {
	common := []rune(names[0])
	for _, n := range names[1:] {
		k := 0
		for i, r := range []rune(n) {
			if i >= len(common) || common[i] != r {
				break
			}
			k++
		}
		common = common[:k]
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.TrimRight(string(common), "第0123456789 （(")
}
