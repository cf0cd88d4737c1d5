package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
)

// Person is who a grower is.
type Person struct {
	GrowerID string `json:"-"`
	Name     string `json:"name,omitempty"`
	Number   string `json:"number,omitempty"` // ID card or credit code
	Phone    string `json:"phone,omitempty"`
}

// Masked is the person as lists and searches show him: 张**, 3415************12.
func (p Person) Masked() Person {
	return Person{GrowerID: p.GrowerID, Name: mask(p.Name, 1, 0), Number: mask(p.Number, 4, 2), Phone: mask(p.Phone, 3, 2)}
}

// mask keeps the first and last characters of a text that is longer than both.
func mask(s string, first, last int) string {
	r := []rune(s)
	if len(r) <= first+last {
		return strings.Repeat("*", len(r))
	}
	return string(r[:first]) + strings.Repeat("*", len(r)-first-last) + string(r[len(r)-last:])
}

// ErrPurpose is the answer to an unmasking without a reason worth reading.
var ErrPurpose = errors.New("say for what the person's data are needed, in four characters or more")

// ErrNoPerson is the answer where the asker may not see the person or there is
// none: the two are not told apart.
var ErrNoPerson = errors.New("no such person, or none that you may see")

// PutPeople seals and keeps who the growers of a county are; those already
// there are replaced.
func (s *Store) PutPeople(ctx context.Context, seal *Sealer, county string, people []Person) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		for _, p := range people {
			text, err := json.Marshal(p)
			if err != nil {
				return err
			}
			batch.Queue(`INSERT INTO parus.person (grower_id, county, key_id, cipher, sealed, name_hash, number_hash, phone_hash)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (county, grower_id) DO UPDATE SET key_id = excluded.key_id, cipher = excluded.cipher,
				sealed = excluded.sealed, name_hash = excluded.name_hash, number_hash = excluded.number_hash, phone_hash = excluded.phone_hash, changed = now()`,
				p.GrowerID, county, seal.id, seal.cipher, seal.seal(text, county+"/"+p.GrowerID), seal.hash("name", p.Name), seal.hash("number", p.Number), seal.hash("phone", p.Phone))
		}
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("keep the people of county %s: %w", county, err)
		}
		return nil
	})
}

// FindPeople returns, masked, the growers whose name, number or phone is the
// text exactly, at most 50.
func (s *Store) FindPeople(ctx context.Context, seal *Sealer, a Asker, text string) (found []Person, err error) {
	text = strings.TrimSpace(text)
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT county, grower_id, cipher, sealed FROM parus.person
			WHERE name_hash = $1 OR number_hash = $2 OR phone_hash = $3 ORDER BY county, grower_id LIMIT 50`,
			seal.hash("name", text), seal.hash("number", strings.ToUpper(text)), seal.hash("phone", text))
		if err != nil {
			return err
		}
		sealed, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sealedPerson])
		for _, row := range sealed {
			p, err := row.open(seal)
			if err != nil {
				return err
			}
			found = append(found, p.Masked())
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find people: %w", err)
	}
	return found, nil
}

// MaskedPerson is who a grower is, masked; ErrNoPerson where there is none that
// the asker may see.
func (s *Store) MaskedPerson(ctx context.Context, seal *Sealer, a Asker, county, grower string) (Person, error) {
	row, err := one[sealedPerson](ctx, s, a, "SELECT county, grower_id, cipher, sealed FROM parus.person WHERE county = $1 AND grower_id = $2", county, grower)
	if errors.Is(err, ErrNone) {
		err = ErrNoPerson
	}
	var p Person
	if err == nil {
		p, err = row.open(seal)
	}
	if err != nil {
		return Person{}, fmt.Errorf("grower %s: %w", grower, err)
	}
	return p.Masked(), nil
}

// Unmask returns a person as he is. That the asker looked, and why, is kept
// before anything is shown; where it cannot be kept nothing is.
func (s *Store) Unmask(ctx context.Context, seal *Sealer, a Asker, county, grower, purpose string) (p Person, err error) {
	if purpose = strings.TrimSpace(purpose); utf8.RuneCountInString(purpose) < 4 {
		return p, ErrPurpose
	}
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "SELECT county, grower_id, cipher, sealed FROM parus.person WHERE county = $1 AND grower_id = $2", county, grower)
		if err != nil {
			return err
		}
		row, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[sealedPerson])
		if errors.Is(err, pgx.ErrNoRows) {
			return ErrNoPerson
		}
		if err != nil {
			return err
		}
		if p, err = row.open(seal); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "INSERT INTO parus.unmasking (asker, role, county, grower_id, purpose) VALUES ($1, $2, $3, $4, $5)", a.ID, a.Role, county, grower, purpose); err != nil {
			return err
		}
		return Audit(ctx, tx, county, "unmask", grower, map[string]any{}) // the purpose may name him: it stays where only unmasking is read
	})
	if err != nil {
		return Person{}, fmt.Errorf("unmask grower %s: %w", grower, err)
	}
	return p, nil
}

type sealedPerson struct {
	County, Grower, Cipher string
	Sealed                 []byte
}

func (r sealedPerson) open(seal *Sealer) (Person, error) {
	p := Person{GrowerID: r.Grower}
	text, err := seal.open(r.Sealed, r.Cipher, r.County+"/"+r.Grower)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		return Person{}, fmt.Errorf("open grower %s: %w", r.Grower, err)
	}
	return p, nil
}
