package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// Roles of those who ask.
var Roles = []string{"clerk", "officer", "approver", "risk_manager", "model_owner", "auditor", "partner"}

// Member is one who may ask.
type Member struct {
	Subject, Name, Role string
	Counties            []string
}

// Asker is how the database knows the member.
func (m Member) Asker() Asker { return Asker{ID: m.Subject, Role: m.Role, Counties: m.Counties} }

// ErrStranger is the answer for one who is no member, or no longer.
var ErrStranger = errors.New("not a member")

// PutMember admits one whom an identity provider knows, or changes him.
func (s *Store) PutMember(ctx context.Context, issuer string, m Member, until time.Time) error {
	if issuer == "" || issuer == tokenIssuer {
		return fmt.Errorf("admit %s: %q is no identity provider", m.Subject, issuer)
	}
	return s.putMember(ctx, issuer, m, nil, until)
}

func (s *Store) putMember(ctx context.Context, issuer string, m Member, secret []byte, until time.Time) error {
	if !slices.Contains(Roles, m.Role) {
		return fmt.Errorf("admit %s: no role %q: there are %v", m.Subject, m.Role, Roles)
	}
	var end *time.Time
	if !until.IsZero() {
		end = &until
	}
	_, err := s.pool.Exec(ctx, `INSERT INTO parus.member (issuer, subject, name, role, counties, secret, until) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (issuer, subject) DO UPDATE SET name = excluded.name, role = excluded.role, counties = excluded.counties, secret = excluded.secret, until = excluded.until`,
		issuer, m.Subject, m.Name, m.Role, append([]string{}, m.Counties...), secret, end)
	if err != nil {
		return fmt.Errorf("admit %s: %w", m.Subject, err)
	}
	return nil
}

const tokenIssuer = "service"

// NewToken makes a service token, which is shown once and never kept: the store
// has its hash. The same subject again takes the earlier token's right away.
func (s *Store) NewToken(ctx context.Context, m Member, until time.Time) (string, error) {
	token := "parus_" + rand.Text()
	sum := sha256.Sum256([]byte(token))
	return token, s.putMember(ctx, tokenIssuer, m, sum[:], until)
}

// memberRow is a member and the end of his time; nil = open.
type memberRow struct {
	Member
	Until *time.Time
}

// memberKey is one of both: how a provider knows him, or a token's hash.
type memberKey struct {
	issuer, subject string
	secret          [sha256.Size]byte
}

// MemberOf is the member whom an identity provider has signed in.
func (s *Store) MemberOf(ctx context.Context, issuer, subject string) (Member, error) {
	return s.member(ctx, memberKey{issuer: issuer, subject: subject}, "SELECT * FROM parus.member_of($1, $2)", issuer, subject)
}

// MemberWith is the member who holds a service token.
func (s *Store) MemberWith(ctx context.Context, token string) (Member, error) {
	sum := sha256.Sum256([]byte(token))
	return s.member(ctx, memberKey{secret: sum}, "SELECT * FROM parus.member_with($1)", sum[:])
}

func (s *Store) member(ctx context.Context, k memberKey, query string, args ...any) (Member, error) {
	ask := func() (m memberRow, err error) {
		err = s.pool.QueryRow(ctx, query, args...).Scan(&m.Subject, &m.Name, &m.Role, &m.Counties, &m.Until)
		return m, err
	}
	m, err := recall(&s.ear, &s.members, &s.ear.members, k, ask)
	if err == nil && m.Until != nil && !time.Now().Before(*m.Until) {
		err = pgx.ErrNoRows // his time ended since he was remembered
	}
	if errors.Is(err, pgx.ErrNoRows) {
		return Member{}, ErrStranger
	}
	if err != nil {
		return Member{}, fmt.Errorf("look a member up: %w", err)
	}
	return m.Member, nil
}

// CreateLogin makes or changes a login that may only do what the service may.
func (s *Store) CreateLogin(ctx context.Context, name, password string) error {
	var there bool
	if err := s.pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", name).Scan(&there); err != nil {
		return err
	}
	verb := "CREATE"
	if there {
		verb = "ALTER"
	}
	var statement string
	if err := s.pool.QueryRow(ctx, "SELECT format('%s ROLE %I LOGIN PASSWORD %L', $1::text, $2::text, $3::text)", verb, name, password).Scan(&statement); err != nil {
		return err
	}
	if _, err := s.pool.Exec(ctx, statement); err != nil {
		return fmt.Errorf("make the login %s: %w", name, err)
	}
	_, err := s.pool.Exec(ctx, "GRANT parus_service TO "+pgx.Identifier{name}.Sanitize())
	return err
}
