package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// ErrMaker is the answer to who would release what he proposed himself.
var ErrMaker = errors.New("who proposes a credit policy does not release it: a second person does")

// ErrJudged is the answer where a proposal has its verdict already.
var ErrJudged = errors.New("this proposal has been judged already")

// ErrProposed is the answer where the same text was proposed before.
var ErrProposed = errors.New("this very text was proposed before")

// headOfEvidence is how much of a run's evidence holds its credit policy for sure.
const headOfEvidence = 1 << 20

// EvidenceHead is the first part of a run's evidence, with its credit policy.
func (s *Store) EvidenceHead(ctx context.Context, a Asker, run int32) ([]byte, error) {
	b, err := one1[[]byte](ctx, s, a, "SELECT substr(evidence, 1, $2) FROM parus.run WHERE id = $1", run, headOfEvidence)
	if err != nil {
		return nil, fmt.Errorf("evidence of run %d: %w", run, err)
	}
	return b, nil
}

// Proposal is a credit policy that somebody proposed, with the verdict on it.
type Proposal struct {
	ID         int64
	County     string
	SHA256     string // of Text
	Text       string
	Why        string
	Asker      string
	At         time.Time
	Verdict    *string // released, refused; nil = none yet
	JudgedBy   *string
	JudgedAt   *time.Time
	JudgedWhy  *string
	FileText   *string // what is given out
	FileSHA256 *string
}

const proposals = `SELECT p.id, p.county, p.sha256, p.text, p.why, p.asker, p.at, v.verdict, v.asker, v.at, v.why, v.text, v.sha256
	FROM parus.policy_proposal p LEFT JOIN parus.policy_verdict v ON v.proposal = p.id `

// Proposals are a county's, the newest first.
func (s *Store) Proposals(ctx context.Context, a Asker, county string) ([]Proposal, error) {
	return all[Proposal](ctx, s, a, proposals+"WHERE p.county = $1 ORDER BY p.id DESC", county)
}

// Propose keeps a credit policy for a second person to judge, with its entry of
// the audit log. The same key (empty = none) again gives the proposal it made.
func (s *Store) Propose(ctx context.Context, a Asker, key, county, text, why string) (p Proposal, err error) {
	sum := sha256.Sum256([]byte(text))
	p = Proposal{County: county, SHA256: hex.EncodeToString(sum[:]), Text: text, Why: why, Asker: a.ID}
	var name *string
	if key != "" {
		name = &key
	}
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `INSERT INTO parus.policy_proposal (county, sha256, text, why, key) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING id, at`,
			county, p.SHA256, text, why, name).Scan(&p.ID, &p.At)
		if errors.Is(err, pgx.ErrNoRows) {
			rows, err := tx.Query(ctx, proposals+"WHERE p.asker = current_setting('parus.asker') AND p.key = $1", key)
			if err != nil {
				return err
			}
			was, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Proposal])
			switch {
			case err != nil:
				return err
			case len(was) == 0:
				return ErrProposed
			case was[0].SHA256 != p.SHA256 || was[0].County != county:
				return ErrKey
			}
			p = was[0]
			return nil
		}
		if err != nil {
			return err
		}
		return Audit(ctx, tx, county, "propose credit policy", p.SHA256, map[string]any{"why": why})
	})
	if err != nil && !errors.Is(err, ErrProposed) && !errors.Is(err, ErrKey) {
		err = fmt.Errorf("propose a credit policy: %w", refusal(err))
	}
	return p, err
}

// JudgeProposal keeps a second person's verdict, with its entry of the audit
// log; text is the file that is given out, of a release alone. The same verdict
// of the same person again changes nothing.
func (s *Store) JudgeProposal(ctx context.Context, a Asker, p Proposal, verdict, why, text string) error {
	var file, sum *string
	if verdict == "released" {
		b := sha256.Sum256([]byte(text))
		hash := hex.EncodeToString(b[:])
		file, sum = &text, &hash
	}
	err := s.As(ctx, a, func(tx pgx.Tx) error {
		done, err := tx.Exec(ctx, `INSERT INTO parus.policy_verdict (proposal, county, maker, verdict, why, text, sha256) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (proposal) DO NOTHING`,
			p.ID, p.County, p.Asker, verdict, why, file, sum)
		var refused *pgconn.PgError
		if errors.As(err, &refused) && refused.ConstraintName == "two_persons" {
			return ErrMaker
		}
		if err != nil {
			return err
		}
		if done.RowsAffected() == 0 {
			var same bool
			if err := tx.QueryRow(ctx, "SELECT asker = current_setting('parus.asker') AND verdict = $2 FROM parus.policy_verdict WHERE proposal = $1", p.ID, verdict).Scan(&same); err != nil {
				return err
			}
			if !same {
				return ErrJudged
			}
			return nil
		}
		detail := map[string]any{"verdict": verdict, "why": why, "proposed_by": p.Asker}
		if sum != nil {
			detail["file_sha256"] = *sum
		}
		return Audit(ctx, tx, p.County, "judge credit policy", p.SHA256, detail)
	})
	if err != nil && !errors.Is(err, ErrMaker) && !errors.Is(err, ErrJudged) {
		err = fmt.Errorf("judge a credit policy: %w", refusal(err))
	}
	return err
}
