package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

var wang = store.Person{GrowerID: "g1", Name: "王小二", Number: "341523197001010014", Phone: "13900001234"}

func sealer(t testing.TB, secret byte, cipher string) *store.Sealer {
	t.Helper()
	s, err := store.NewSealer(bytes.Repeat([]byte{secret}, 32), cipher)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Found by exact name, number or phone, masked; not by a part of them, nor by
// who may not meet growers, nor from another county.
func TestPeopleAreFoundMasked(t *testing.T) {
	for _, cipher := range []string{store.AES, store.SM4} {
		s, _ := newStore(t)
		publish(t, s, storetest.Run(t, "341523", 3))
		seal := sealer(t, 1, cipher)
		ctx := context.Background()
		for range 2 { // the same people again replace themselves
			if err := s.PutPeople(ctx, seal, "341523", []store.Person{wang, {GrowerID: "g2", Name: "李四"}}); err != nil {
				t.Fatal(err)
			}
		}
		for text, want := range map[string]string{
			"王小二": "g1 王** 3415************14 139******34", " 13900001234 ": "g1 王** 3415************14 139******34", "341523197001010014": "g1 王** 3415************14 139******34",
			"李四": "g2 李*  ", "王": "", "王小": "", "": "", "1390000": "",
		} {
			found, err := s.FindPeople(ctx, seal, clerk, text)
			got := ""
			for _, p := range found {
				got += fmt.Sprintf("%s %s %s %s", p.GrowerID, p.Name, p.Number, p.Phone)
			}
			if err != nil || got != want {
				t.Errorf("%s: find %q: %q, %v; want %q", cipher, text, got, err, want)
			}
		}
		for _, a := range []store.Asker{{ID: "x", Role: "partner", Counties: clerk.Counties}, {ID: "x", Role: "auditor", Counties: clerk.Counties},
			{ID: "x", Role: "officer", Counties: []string{"411622"}}, {ID: "x", Counties: clerk.Counties}, {}} {
			if found, err := s.FindPeople(ctx, seal, a, "王小二"); err != nil || len(found) != 0 {
				t.Errorf("%+v finds %v, %v", a, found, err)
			}
			if _, err := s.Unmask(ctx, seal, a, "341523", "g1", "to call him"); !errors.Is(err, store.ErrNoPerson) {
				t.Errorf("%+v unmasks: %v", a, err)
			}
		}
	}
}

// Who looked at whom and why is kept for the auditor; nobody can look in
// another's name, and nobody can take a line back.
func TestEveryUnmaskingIsKept(t *testing.T) {
	s, _ := newStore(t)
	publish(t, s, storetest.Run(t, "341523", 3))
	seal, ctx := sealer(t, 1, store.AES), context.Background()
	if err := s.PutPeople(ctx, seal, "341523", []store.Person{wang}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Unmask(ctx, seal, clerk, "341523", "g1", " ab "); !errors.Is(err, store.ErrPurpose) {
		t.Errorf("without a purpose: %v", err)
	}
	if p, err := s.Unmask(ctx, seal, clerk, "341523", "g1", "calls about the survey"); err != nil || p != wang {
		t.Errorf("%+v, %v", p, err)
	}
	auditor := store.Asker{ID: "zhao", Role: "auditor", Counties: clerk.Counties}
	if got := ask(t, s, auditor, "SELECT string_agg(concat_ws(' ', asker, role, grower_id, purpose), ';') FROM parus.unmasking"); got != "li clerk g1 calls about the survey" {
		t.Errorf("kept: %q", got)
	}
	// The chain of the audit log has it too, without the purpose, which may name him.
	if got := ask(t, s, auditor, "SELECT string_agg(concat_ws(' ', asker, role, county, act, subject, detail), ';') FROM parus.audit"); got != "li clerk 341523 unmask g1 {}" {
		t.Errorf("audit: %q", got)
	}
	for _, attack := range []string{
		"INSERT INTO parus.unmasking (asker, role, county, grower_id, purpose) VALUES ('other', 'clerk', '341523', 'g1', 'blames another')",
		"DELETE FROM parus.unmasking", "UPDATE parus.unmasking SET purpose = 'nothing'", "UPDATE parus.person SET sealed = ''",
	} {
		if err := s.As(ctx, clerk, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, attack); return err }); err == nil {
			t.Errorf("%s: not refused", attack)
		}
	}
}

// Whoever has the database alone reads no name in it, and a row that was moved
// to another grower does not open.
func TestTheDatabaseAloneTellsNothing(t *testing.T) {
	s, url := newStore(t)
	publish(t, s, storetest.Run(t, "341523", 3))
	seal, ctx := sealer(t, 1, store.AES), context.Background()
	if err := s.PutPeople(ctx, seal, "341523", []store.Person{wang, {GrowerID: "g2", Name: "王小二"}}); err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var all string
	if err := conn.QueryRow(ctx, "SELECT string_agg(p::text || encode(sealed, 'escape'), '') FROM parus.person p").Scan(&all); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{wang.Name, wang.Number, wang.Phone, wang.Number[6:14]} {
		if strings.Contains(all, secret) {
			t.Errorf("%q stands in the table", secret)
		}
	}
	if _, err := s.Unmask(ctx, sealer(t, 2, store.AES), clerk, "341523", "g1", "with another key"); err == nil || !strings.Contains(err.Error(), "another key") {
		t.Errorf("another key: %v", err)
	}
	if _, err := conn.Exec(ctx, "UPDATE parus.person SET sealed = (SELECT sealed FROM parus.person WHERE grower_id = 'g2') WHERE grower_id = 'g1'"); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Unmask(ctx, seal, clerk, "341523", "g1", "after a swap"); err == nil {
		t.Errorf("a swapped row opens: %+v", p)
	}
}
