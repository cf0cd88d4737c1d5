package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// AuditEntry is an entry of the audit log.
type AuditEntry struct {
	Seq     int64           `json:"seq"`
	At      time.Time       `json:"at"`
	Asker   string          `json:"asker"`
	Role    string          `json:"role"`
	County  string          `json:"county"`
	Act     string          `json:"act"`
	Subject string          `json:"subject"`
	Detail  json.RawMessage `json:"detail"`
	Hash    string          `json:"hash"`
}

// AuditQuery narrows the log; empty fields do not. Days are UTC.
type AuditQuery struct{ County, Subject, Asker, Act, From, To string }

// AuditLog lists the entries that the asker may see, the newest first.
func (s *Store) AuditLog(ctx context.Context, a Asker, q AuditQuery, page Page) ([]AuditEntry, error) {
	before, err := before(page)
	if err != nil {
		return nil, err
	}
	return all[AuditEntry](ctx, s, a, `SELECT seq, at, asker, role, county, act, subject, detail::json, encode(hash, 'hex') FROM parus.audit
		WHERE seq < $1 AND ($2 = '' OR county = $2) AND ($3 = '' OR subject = $3) AND ($4 = '' OR asker = $4) AND ($5 = '' OR act = $5)
		AND ($6 = '' OR at >= nullif($6, '')::timestamp AT TIME ZONE 'UTC') AND ($7 = '' OR at < (nullif($7, '')::timestamp + interval '1 day') AT TIME ZONE 'UTC')
		ORDER BY seq DESC LIMIT $8`, before, q.County, q.Subject, q.Asker, q.Act, q.From, q.To, page.Limit)
}

// before reads the cursor of a list whose newest rows come first.
func before(page Page) (int64, error) {
	if page.After == "" {
		return 1<<63 - 1, nil
	}
	n, err := strconv.ParseInt(page.After, 10, 64)
	if err != nil {
		return 0, ErrCursor
	}
	return n, nil
}

// Unmasking is one look at an unmasked person.
type Unmasking struct {
	ID       int64     `json:"-"`
	At       time.Time `json:"at"`
	Asker    string    `json:"asker"`
	Role     string    `json:"role"`
	County   string    `json:"county"`
	GrowerID string    `json:"grower_id"`
	Purpose  string    `json:"purpose"`
}

// Unmaskings lists who looked at whom, the newest first; empty asker and grower
// do not narrow it.
func (s *Store) Unmaskings(ctx context.Context, a Asker, asker, grower string, page Page) ([]Unmasking, error) {
	before, err := before(page)
	if err != nil {
		return nil, err
	}
	return all[Unmasking](ctx, s, a, `SELECT id, at, asker, role, county, grower_id, purpose FROM parus.unmasking
		WHERE id < $1 AND ($2 = '' OR asker = $2) AND ($3 = '' OR grower_id = $3) ORDER BY id DESC LIMIT $4`, before, asker, grower, page.Limit)
}

// WalkAudit follows the whole chain for an auditor, who sees only his part of
// it: the database does, and answers with numbers and hashes. wrong says what is
// the matter and where; "" = the log is whole and holds all the heads.
func (s *Store) WalkAudit(ctx context.Context, a Asker, heads []Head) (end Head, wrong string, err error) {
	type walk struct {
		FirstWrong *int64
		Seq        int64
		Hash       string
		HeadSeq    int64
		HeadHash   string
	}
	w, err := one[walk](ctx, s, a, "SELECT * FROM parus.audit_walk()")
	if err != nil {
		return end, "", fmt.Errorf("walk along the audit log: %w", err)
	}
	end = Head{w.Seq, w.Hash}
	switch {
	case w.FirstWrong != nil:
		return end, fmt.Sprintf("entry %d does not follow from the one before it, or its number does not", *w.FirstWrong), nil
	case end != Head{w.HeadSeq, w.HeadHash}:
		return end, fmt.Sprintf("the log ends with entry %d, and the chain's head is entry %d", end.Seq, w.HeadSeq), nil
	}
	wrong, err = s.missing(ctx, heads)
	return end, wrong, err
}

// missing holds kept ends of days against the log.
func (s *Store) missing(ctx context.Context, heads []Head) (wrong string, err error) {
	seqs := []int64{}
	for _, h := range heads {
		seqs = append(seqs, h.Seq)
	}
	rows, err := s.pool.Query(ctx, "SELECT seq, hash FROM parus.audit_hashes($1)", seqs)
	if err != nil {
		return "", fmt.Errorf("read hashes of the audit log: %w", err)
	}
	defer rows.Close()
	there := map[int64]string{0: ""}
	for rows.Next() {
		var seq int64
		var hash string
		if err := rows.Scan(&seq, &hash); err != nil {
			return "", err
		}
		there[seq] = hash
	}
	for _, h := range heads {
		switch hash, ok := there[h.Seq]; {
		case !ok:
			return fmt.Sprintf("entry %d was there when its day was closed, and is not now", h.Seq), rows.Err()
		case hash != h.Hash:
			return fmt.Sprintf("entry %d had another hash when its day was closed", h.Seq), rows.Err()
		}
	}
	return "", rows.Err()
}
