package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// Audit adds an entry to the chain in the asker's own transaction: what is
// undone leaves no entry, and what has none was not done. detail is kept as
// JSON; it holds no personal data. The chain stays locked until the transaction
// ends, so this comes last in it.
func Audit(ctx context.Context, tx pgx.Tx, county, act, subject string, detail any) error {
	text, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("audit %s of %s: %w", act, subject, err)
	}
	if _, err := tx.Exec(ctx, "INSERT INTO parus.audit (county, act, subject, detail) VALUES ($1, $2, $3, $4)", county, act, subject, string(text)); err != nil {
		return fmt.Errorf("audit %s of %s: %w", act, subject, err)
	}
	return nil
}

// Head is the end of the chain at a time.
type Head struct {
	Seq  int64
	Hash string // hexadecimal
}

// errChain is what VerifyAudit finds wrong.
var errChain = errors.New("the audit log was tampered with")

// VerifyAudit follows the whole chain, as the role that owns the store, and
// compares it with heads that were kept outside (CloseAudit's file; nil = none).
// An entry changed, taken out, put in or cut off the end is an error that names
// the first such place.
func (s *Store) VerifyAudit(ctx context.Context, heads []Head) (Head, error) {
	kept := map[int64]string{}
	for _, h := range heads {
		if was, ok := kept[h.Seq]; ok && was != h.Hash {
			return Head{}, fmt.Errorf("%w: two kept heads of entry %d differ", errChain, h.Seq)
		}
		kept[h.Seq] = h.Hash
	}
	var end Head
	err := pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, "SELECT seq, at, asker, role, county, act, subject, detail, hash FROM parus.audit ORDER BY seq")
		if err != nil {
			return err
		}
		var last []byte
		var seq int64
		var at time.Time
		var asker, role, county, act, subject, detail string
		var hash []byte
		if _, err := pgx.ForEachRow(rows, []any{&seq, &at, &asker, &role, &county, &act, &subject, &detail, &hash}, func() error {
			if seq != end.Seq+1 {
				return fmt.Errorf("%w: entry %d follows entry %d", errChain, seq, end.Seq)
			}
			sum := sha256.New()
			sum.Write(last)
			for _, f := range []string{strconv.FormatInt(seq, 10), at.UTC().Format("2006-01-02T15:04:05.000000Z"), asker, role, county, act, subject, detail} {
				fmt.Fprintf(sum, "%d:%s,", len(f), f)
			}
			if last = sum.Sum(nil); !bytes.Equal(last, hash) {
				return fmt.Errorf("%w: entry %d (%s of %s) does not fit its hash", errChain, seq, act, subject)
			}
			end = Head{seq, hex.EncodeToString(last)}
			if was, ok := kept[seq]; ok && was != end.Hash {
				return fmt.Errorf("%w: entry %d had another hash when its day was closed", errChain, seq)
			}
			return nil
		}); err != nil {
			return err
		}
		var head Head
		if err := tx.QueryRow(ctx, "SELECT seq, encode(hash, 'hex') FROM parus.audit_head").Scan(&head.Seq, &head.Hash); err != nil {
			return err
		}
		if head != end {
			return fmt.Errorf("%w: it ends with entry %d, and the chain's head is entry %d", errChain, end.Seq, head.Seq)
		}
		return nil
	})
	if err != nil {
		return end, fmt.Errorf("verify the audit log: %w", err)
	}
	for seq := range kept {
		if seq > end.Seq {
			return end, fmt.Errorf("verify the audit log: %w: entry %d was there when its day was closed, now it ends with entry %d", errChain, seq, end.Seq)
		}
	}
	return end, nil
}
