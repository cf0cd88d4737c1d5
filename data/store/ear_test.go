package store_test

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// soon waits until something is so: a notification takes its moment.
func soon(t testing.TB, what string, so func() bool) {
	t.Helper()
	for late := time.Now().Add(10 * time.Second); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("never came: ", what)
		}
	}
}

// loginOf makes a login that owns nothing and returns its address.
func loginOf(t *testing.T, owner *store.Store, address, name string) string {
	t.Helper()
	if err := owner.CreateLogin(context.Background(), name, "x"); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(name, "x")
	return u.String()
}

// What is remembered is asked of the database no more, follows every change, and
// counts for nothing while nobody listens.
func TestRemembered(t *testing.T) {
	owner, address := newStore(t)
	ctx := context.Background()
	login := loginOf(t, owner, address, "listener")
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	exec := func(query string) {
		t.Helper()
		if _, err := conn.Exec(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	exec("ALTER ROLE listener SET lock_timeout = '50ms'")
	s, err := store.Open(ctx, login)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	const issuer = "https://id.example"
	li := store.Member{Subject: "li", Name: "Li", Role: "officer", Counties: []string{"341523"}}
	if err := owner.PutMember(ctx, issuer, li, time.Time{}); err != nil {
		t.Fatal(err)
	}
	publish(t, owner, storetest.Run(t, "341523", 3))
	member := func() (store.Member, error) { return s.MemberOf(ctx, issuer, "li") }
	newest := func() store.Run {
		r, err := s.Run(ctx, li.Asker(), "341523", 0)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	// remembered says whether both are answered while the tables themselves are locked.
	remembered := func() bool {
		tx, err := conn.Begin(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback(ctx)
		if _, err := tx.Exec(ctx, "LOCK parus.member, parus.run"); err != nil {
			t.Fatal(err)
		}
		_, one := s.MemberOf(ctx, issuer, "li")
		_, two := s.Run(ctx, li.Asker(), "341523", 0)
		return one == nil && two == nil
	}
	if remembered() {
		t.Fatal("it remembers before it listens")
	}
	s.Remember()
	learnt := func() bool {
		member()
		newest()
		return remembered()
	}
	soon(t, "it remembers", learnt)

	li.Counties = []string{"341523", "411622"}
	if err := owner.PutMember(ctx, issuer, li, time.Time{}); err != nil {
		t.Fatal(err)
	}
	soon(t, "his new county", func() bool { m, err := member(); return err == nil && len(m.Counties) == 2 })
	dir := storetest.Run(t, "341523", 4)
	now := int32(publish(t, owner, dir).Run)
	soon(t, "the new run", func() bool { return newest().ID == now })
	// Another's answer is not his: the same run, asked for by one of another county.
	stranger := store.Asker{ID: "li", Role: "officer", Counties: []string{"411622"}}
	if _, err := s.Run(ctx, stranger, "341523", 0); !errors.Is(err, store.ErrNone) {
		t.Error(err)
	}
	if _, err := s.RunDigest(ctx, stranger, now); !errors.Is(err, store.ErrNone) {
		t.Error(err)
	}

	// His time ends without any change being told.
	soon(t, "it remembers again", learnt)
	if err := owner.PutMember(ctx, issuer, li, time.Now().Add(1500*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	soon(t, "it remembers until when", learnt)
	time.Sleep(1500 * time.Millisecond)
	if m, err := member(); !errors.Is(err, store.ErrStranger) {
		t.Errorf("his time is over: %v, %v", m, err)
	}
	if err := owner.PutMember(ctx, issuer, li, time.Time{}); err != nil {
		t.Fatal(err)
	}

	// While nobody listens the database is asked each time: one taken out is out at once.
	soon(t, "it remembers once more", learnt)
	exec("ALTER ROLE listener CONNECTION LIMIT 0") // those it has may go on; the listener may not come again
	exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'listener' AND query LIKE '%pg_notify%'")
	soon(t, "the listener is missed", func() bool { return !remembered() })
	if _, err := member(); err != nil {
		t.Fatal(err)
	}
	exec("DELETE FROM parus.member WHERE subject = 'li'")
	if m, err := member(); !errors.Is(err, store.ErrStranger) {
		t.Errorf("taken out while nobody listened: %v, %v", m, err)
	}
	exec("ALTER ROLE listener CONNECTION LIMIT -1")
	if err := owner.PutMember(ctx, issuer, li, time.Time{}); err != nil {
		t.Fatal(err)
	}
	soon(t, "it listens again", learnt)
	exec("DELETE FROM parus.member WHERE subject = 'li'")
	soon(t, "he is out", func() bool { _, err := member(); return errors.Is(err, store.ErrStranger) })
}
