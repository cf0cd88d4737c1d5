package feeds

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/parus-lending/parus/data/identity"
	"golang.org/x/text/width"
)

// people is who is who: the contractors' codes and everything personal that
// was seen in any file, so that it can be kept out of what leaves.
type people struct {
	given   bool
	growers map[string]string // CBFBM → grower ID
	bad     map[string]string // CBFBM → "contractors.csv:12", its own row was rejected
	private map[string]bool   // names, numbers, phones
}

// learn remembers the personal cells of a file, of every row.
func (p *people) learn(s *source) {
	for _, f := range s.layout.Fields {
		if f.Kind != Private && f.Kind != Identity {
			continue
		}
		for _, c := range s.columns[f.Name] {
			for _, l := range s.lines {
				if c.index < len(l.cells) {
					if v := strings.TrimSpace(width.Narrow.String(l.cells[c.index])); len([]rune(v)) > 1 {
						p.private[v] = true
					}
				}
			}
		}
	}
}

// idTypes are the kinds of number of NY/T 2539 (CBFZJLX).
var idTypes = words{
	"1": "id_card", "居民身份证": "id_card", "身份证": "id_card", "id_card": "id_card",
	"3": "unit", "行政、企事业单位机构代码证或法人代码证": "unit", "统一社会信用代码": "unit", "营业执照": "unit", "unit": "unit",
	"2": "other", "军官证": "other", "4": "other", "户口簿": "other", "5": "other", "护照": "other", "9": "other", "其他证件": "other", "other": "other",
}

var contractorTypes = words{
	"1": "household", "农户": "household", "household": "household",
	"2": "person", "个人": "person", "person": "person",
	"3": "unit", "单位": "unit", "unit": "unit", "company": "unit", "coop": "unit", "family_farm": "unit",
}

// readContractors fills people from the contractors feed.
func (l *loader) readContractors(ctx context.Context) error {
	s := l.sources["contractors"]
	if s == nil {
		return nil
	}
	l.people.given = true
	type contractor struct{ code, grower string }
	rows, err := load(ctx, s, func(r *row) contractor {
		c := contractor{code: r.code("contractor_id")}
		r.choice("contractor_type", contractorTypes)
		kind := r.choice("id_type", idTypes)
		if v, _ := r.raw("id_number"); v != "" {
			r.checkNumber("id_number", kind)
			c.grower = r.s.opt.Key.GrowerID(v)
			r.s.growers[c.grower] = true
		}
		r.provenance()
		if len(r.bad) > 0 && c.code != "" {
			l.people.bad[c.code] = fmt.Sprintf("%s:%d", s.file, r.n)
		}
		return c
	})
	for _, c := range rows {
		l.people.growers[c.code] = c.grower
	}
	return err
}

// checkNumber checks an ID number by its kind; empty = by its look.
func (r *row) checkNumber(name, kind string) {
	v, _ := r.raw(name)
	if ruined(v) || r.s.rounded[name] && len(v) > 15 {
		r.reject(name, "a spreadsheet rounded the number", asText)
		return
	}
	var err error
	switch kind {
	case "id_card":
		err = identity.CheckIDCard(v)
	case "unit":
		if len(v) != 9 { // an organisation code of before 2015 has nine characters
			err = identity.CheckCreditCode(v)
		}
	case "other":
	default:
		err = identity.Check(v)
	}
	switch {
	case err == nil:
	case len(v) == 18 && strings.HasSuffix(v, "000"):
		r.reject(name, err.Error()+"; its last digits are zeros, so a spreadsheet may have rounded it", asText)
	default:
		r.reject(name, err.Error(), "compare it with the document; for a passport or another paper give the person by contractor code, with id_type in the contractors feed")
	}
}

// needPeople fails early where a file names people by registry code only and
// there is no contractors feed to resolve the codes.
func (s *source) needPeople() error {
	if s.people.given || len(s.layout.OneOf) == 0 {
		return nil
	}
	for _, group := range s.layout.OneOf {
		byCode := false
		for _, name := range group {
			if s.columns[name] == nil {
				continue
			}
			if !strings.HasSuffix(name, "contractor_id") {
				byCode = false
				break
			}
			byCode = true
		}
		if byCode {
			return fmt.Errorf("read feed %s from %s: it names people by contractor code (CBFBM), and there is no contractors feed to tell who they are: give one under [feeds], or add a column id_number", s.layout.Feed, s.input.Path)
		}
	}
	return nil
}

// grower resolves a person given by ID number, contractor code or grower ID.
func (r *row) grower(key, number, code, id string) string {
	var found []string
	first := ""
	if v, _ := r.raw(number); v != "" {
		r.checkNumber(number, "")
		found, first = append(found, r.s.opt.Key.GrowerID(v)), number
	}
	if v := r.code(code); v != "" {
		if g, ok := r.s.people.growers[v]; ok {
			found = append(found, g)
		} else if at, ok := r.s.people.bad[v]; ok {
			r.reject(code, "the contractor's own row was rejected ("+at+")", "correct that row first")
		} else if len(found) == 0 || r.s.people.given {
			r.reject(code, "the code is not in the contractors feed", "add the contractor, or correct the code")
		}
		if first == "" {
			first = code
		}
	}
	if v, _ := r.raw(id); v != "" {
		if !growerID.MatchString(v) {
			r.reject(id, "it is not a grower ID", "16 characters 0-9 and a-f, as an earlier run wrote it")
		}
		found = append(found, v)
	}
	if len(found) == 0 {
		return ""
	}
	for _, g := range found[1:] {
		if g != found[0] {
			r.reject(first, "the row names two different people", "give the grower once: ID number or code")
		}
	}
	r.s.growers[found[0]] = true
	r.keys[key] = found[0]
	return found[0]
}

func (r *row) person() string { return r.grower("person", "id_number", "contractor_id", "grower_id") }

// Person is what a sheet may show of a grower; it never enters a run.
type Person struct{ Name, Phone string }

// Roster reads names by grower ID from a contractors file or a roster with
// names, for printing one sheet.
func Roster(path string, key identity.Key) (map[string]Person, error) {
	var lastErr error
	for _, feed := range []string{"contractors", "roster"} {
		lay, _ := LayoutOf(feed)
		lay.OneOf, lay.Fields = nil, slices.Clone(lay.Fields) // Layouts stay as they are
		for i := range lay.Fields {
			lay.Fields[i].Need = lay.Fields[i].Name == "id_number" || lay.Fields[i].Name == "name"
		}
		s, err := open(lay, path, Options{})
		if err != nil {
			lastErr = err
			continue
		}
		out := map[string]Person{}
		for _, l := range s.lines {
			r := &row{s: s, n: l.number, cells: l.cells}
			id, _ := r.raw("id_number")
			if id == "" || ruined(id) {
				continue
			}
			name, _ := r.raw("name")
			phone, _ := r.raw("phone")
			out[key.GrowerID(id)] = Person{name, phone}
		}
		return out, nil
	}
	return nil, lastErr
}
