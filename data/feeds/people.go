package feeds

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
	"github.com/paulmach/orb"
)

// people is who is who: the contractors' codes and everything personal that
// was seen in any file, so that it can be kept out of what leaves.
type people struct {
	given    bool
	growers  map[string]string   // CBFBM → grower ID
	bad      map[string]string   // CBFBM → "contractors.csv:12", its own row was rejected
	names    map[string][]string // keyed name → CBFBM of those who have it
	villages []village
	private  *secrets // names, numbers, phones
}

// village is an issuer of contracts (FBF): a village or a group of it.
type village struct {
	code, name string
	at         orb.Point // zero = not known
}

func newPeople() people {
	return people{growers: map[string]string{}, bad: map[string]string{}, names: map[string][]string{}, private: &secrets{}}
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

// contractor reads who a contractor code is.
func contractor(r *row) scoring.Person {
	p := scoring.Person{Provenance: r.provenance(), Kind: r.choice("contractor_type", contractorTypes), Relation: "head"}
	code := r.code("contractor_id")
	p.Home = code[:min(len(code), homeDigits)]
	if r.s.stored {
		p.GrowerID, p.Born = r.plain("grower_id"), r.date("born")
		r.plain("name_key")
	} else {
		kind := r.choice("id_type", idTypes)
		if v, _ := r.raw("id_number"); v != "" {
			r.checkNumber("id_number", kind)
			p.GrowerID = r.s.opt.Key.GrowerID(v)
			p.Born = bornBefore(v)
			r.set("grower_id", p.GrowerID)
			r.set("born", p.Born.String())
		}
		if v, _ := r.raw("name"); v != "" {
			r.set("name_key", r.s.opt.Key.Pseudonym("name", v))
		}
		if len(r.bad) > 0 && code != "" {
			r.s.people.bad[code] = fmt.Sprintf("%s:%d", r.s.file, r.n)
		}
	}
	if p.GrowerID != "" {
		r.s.growers.add(p.GrowerID)
	}
	p.HouseholdID = p.GrowerID
	return p
}

// homeDigits of a contractor code name the village: county 6, town 3, village 3.
const homeDigits = 12

// bornBefore is the first day of the month after the birth that an ID number
// tells; zero where it tells none.
func bornBefore(number string) parcels.Date {
	d, ok := identity.Born(number)
	if !ok {
		return parcels.Date{}
	}
	return parcels.DateOf(time.Date(d.Year(), d.Month()+1, 1, 0, 0, 0, 0, time.UTC))
}

// readContractors fills people from the contractors feed.
func (l *loader) readContractors(ctx context.Context) error {
	for _, s := range l.sources["contractors"] {
		l.people.given = true
		rows, err := load(ctx, s, func(r *row) known { return known{contractor(r), r.value("contractor_id"), r.value("name_key")} })
		if err != nil {
			return err
		}
		for _, k := range rows {
			l.people.growers[k.code] = k.GrowerID
			if k.name != "" {
				l.people.names[k.name] = append(l.people.names[k.name], k.code)
			}
			l.out.Records.People = append(l.out.Records.People, k.Person)
		}
	}
	return nil
}

type known struct {
	scoring.Person
	code, name string
}

// checkNumber checks an ID number by its kind; empty = by its look.
func (r *row) checkNumber(name, kind string) {
	v, _ := r.raw(name)
	if ruined(v) || r.s.rounded[r.s.slots[name]] && len(v) > 15 {
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
	if s.people.given || s.stored || len(s.layout.OneOf) == 0 {
		return nil
	}
	for _, group := range s.layout.OneOf {
		byCode := false
		for _, name := range group {
			if !s.has(name) {
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

// grower resolves a person given by ID number, contractor code, grower ID, or by
// name and village.
func (r *row) grower(key, number, code, id, name string) string {
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
		if first == "" {
			first = id
		}
	}
	if v, _ := r.raw(name); v != "" && first == "" {
		if g := r.byName(name, v); g != "" {
			found, first = append(found, g), name
			r.s.odd["matched_by_name"]++
		}
	}
	if len(found) == 0 {
		return ""
	}
	for _, g := range found[1:] {
		if g != found[0] {
			r.reject(first, "the row names two different people", "give the grower once: ID number or code")
			break
		}
	}
	r.s.growers.add(found[0])
	r.set(key, found[0])
	r.set(id, found[0])
	return found[0]
}

func (r *row) person() string {
	return r.grower("person", "id_number", "contractor_id", "grower_id", "household_name")
}

// Person is who a grower is; it never enters a run.
type Person struct{ Name, Number, Phone string }

// Roster reads names by grower ID from a contractors file or a roster with
// names, for printing one sheet and for the service's sealed table.
func Roster(path string, key identity.Key) (map[string]Person, error) {
	ctx := context.Background()
	var lastErr error
	for _, feed := range []string{"contractors", "roster"} {
		lay, _ := LayoutOf(feed)
		lay.OneOf, lay.Fields = nil, slices.Clone(lay.Fields) // Layouts stay as they are
		for i := range lay.Fields {
			lay.Fields[i].Need = lay.Fields[i].Name == "id_number" || lay.Fields[i].Name == "name"
		}
		s, err := open(ctx, lay, path, Options{})
		if err != nil {
			lastErr = err
			continue
		}
		out := map[string]Person{}
		r := s.newRow()
		err = batches(ctx, s.table.each, func(l line, i int) error {
			if i < s.head {
				return nil
			}
			r.start(l)
			id, _ := r.raw("id_number")
			if id == "" || ruined(id) {
				return nil
			}
			name, _ := r.raw("name")
			phone, _ := r.raw("phone")
			out[key.GrowerID(id)] = Person{name, identity.Canonical(id), phone}
			return nil
		})
		return out, err
	}
	return nil, lastErr
}
