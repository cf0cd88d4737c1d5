package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Refusal is what the database's own rules say to a write: Status as in HTTP
// (403, 404, 409 or 422), Kind the problem's name.
type Refusal struct {
	Status        int
	Kind, Message string
}

func (r *Refusal) Error() string { return r.Message }

// refusal turns what the database refused into a Refusal; other errors stay.
func refusal(err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return err
	}
	switch pg.Code {
	case "PW403", "PW404", "PW409", "PW422":
		r := &Refusal{Kind: pg.Detail, Message: pg.Message}
		fmt.Sscan(pg.Code[2:], &r.Status)
		return r
	case "23505": // unique_violation
		return &Refusal{409, "exists", "there is one already (" + pg.ConstraintName + ")"}
	case "23514": // check_violation: of its message only the constraint is told
		return &Refusal{422, "does-not-fit", "a value does not fit, or a text holds a long number (" + pg.ConstraintName + "): write no ID numbers, phones or accounts"}
	case "23503": // foreign_key_violation
		return &Refusal{422, "does-not-fit", "something that it names is not there (" + pg.ConstraintName + ")"}
	case "42501": // insufficient_privilege, row-level security
		return &Refusal{403, "not-your-role", "your role may not write this"}
	}
	return err
}

// entry is what a write adds to the audit log.
type entry struct {
	county, act, subject string
	detail               any
}

// write does what the asker asks for once for each key (empty = each time), with
// its entry in the audit log, all or nothing; its answer is kept and given again
// to the same question with the same key. ErrKey where the key was used for
// another question. question is all that is asked, with the name of the act.
func (s *Store) write(ctx context.Context, a Asker, key string, question any, do func(pgx.Tx) (any, entry, error)) (json.RawMessage, error) {
	text, err := json.Marshal(question)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	if key != "" {
		if was, err := s.answered(ctx, a, key, sum[:]); !errors.Is(err, ErrNone) {
			return was, err
		}
	}
	var answer json.RawMessage
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		v, e, err := do(tx)
		if err != nil {
			return err
		}
		if answer, err = json.Marshal(v); err != nil {
			return err
		}
		if key != "" {
			if _, err := tx.Exec(ctx, "INSERT INTO parus.request_key (key, question, answer) VALUES ($1, $2, $3)", key, sum[:], answer); err != nil {
				return err
			}
		}
		return Audit(ctx, tx, e.county, e.act, e.subject, e.detail)
	})
	if err == nil {
		return answer, nil
	}
	if key != "" { // the same key may have come in at the same time, and first
		if was, again := s.answered(ctx, a, key, sum[:]); !errors.Is(again, ErrNone) {
			return was, again
		}
	}
	return nil, refusal(err)
}

// answered is what a question with this key was answered; ErrNone where the
// asker has not used the key.
func (s *Store) answered(ctx context.Context, a Asker, key string, question []byte) (json.RawMessage, error) {
	type kept struct {
		Same   bool
		Answer json.RawMessage
	}
	was, err := one[kept](ctx, s, a, "SELECT question = $2, answer FROM parus.request_key WHERE asker = parus.asker() AND key = $1", key, question)
	if err == nil && !was.Same {
		err = ErrKey
	}
	return was.Answer, err
}

// rowOf reads one row of a query in a transaction; ErrNone where there is none.
func rowOf[T any](ctx context.Context, tx pgx.Tx, query string, args ...any) (T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		var none T
		return none, err
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[T])
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNone
	}
	return v, err
}

// change updates one row; ErrNone where the asker may change none such.
func change(ctx context.Context, tx pgx.Tx, query string, args ...any) error {
	done, err := tx.Exec(ctx, query, args...)
	if err == nil && done.RowsAffected() == 0 {
		err = ErrNone
	}
	return err
}
