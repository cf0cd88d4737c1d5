package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/scoring"
)

const (
	mostPolicies   = 16 << 20 // bytes of credit policies kept
	mostPolicyText = 200_000  // characters of one
	mostPolicyTime = 5 * time.Second
)

// errPolicy is a text that is no credit policy, or none that could be used.
var errPolicy = errors.New("credit policy refused")

// policy is one credit policy file, read.
type policy struct {
	about contract.CreditPolicy
	text  string
	file  string // what is given out; "" = nothing
	id    int64  // of the proposal; 0 = runs were decided by it
	of    store.Proposal
}

// ListCreditPolicies gives those of the runs and those proposed.
func (s *server) ListCreditPolicies(c *gin.Context, q contract.ListCreditPoliciesParams) {
	known, err := s.creditPolicies(c.Request.Context(), asker(c), q.County)
	out := []contract.CreditPolicy{}
	for _, p := range known {
		out = append(out, p.about)
	}
	s.answer(c, out, err)
}

// creditPolicies are a county's: proposals, the newest first, then those that
// runs were decided by.
func (s *server) creditPolicies(ctx context.Context, a store.Asker, county string) ([]*policy, error) {
	runs, err := s.Store.Runs(ctx, a, county)
	if err != nil {
		return nil, err
	}
	var out []*policy
	for _, run := range runs {
		was, err := s.policyOf(ctx, a, run)
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(out, func(p *policy) bool { return p.about.Sha256 == was.about.Sha256 }); i >= 0 {
			out[i].about.Runs = append(out[i].about.Runs, run.ID)
			continue
		}
		own := *was // the kept one stays as it is
		own.about.Runs = []int32{run.ID}
		out = append(out, &own)
	}
	proposals, err := s.Store.Proposals(ctx, a, county)
	if err != nil {
		return nil, err
	}
	var proposed []*policy
	for _, p := range proposals {
		q, err := proposalOf(p)
		if err != nil {
			return nil, err
		}
		for _, r := range out {
			if p.FileSHA256 != nil && r.about.Sha256 == *p.FileSHA256 {
				q.about.Runs = r.about.Runs
			}
		}
		proposed = append(proposed, q)
	}
	return append(proposed, out...), nil
}

// policyOf is the credit policy that a run was decided by, read once.
func (s *server) policyOf(ctx context.Context, a store.Asker, run store.Run) (*policy, error) {
	return s.policies.of(ctx, keyOf(run), func(ctx context.Context) (*policy, int, error) {
		head, err := s.Store.EvidenceHead(ctx, a, run.ID)
		if err != nil {
			return nil, 0, err
		}
		text, err := scoring.StoredCreditPolicy(bytes.NewReader(head))
		if err != nil {
			return nil, 0, fmt.Errorf("run %d: %w", run.ID, err)
		}
		about, err := aboutPolicy(text)
		if err != nil {
			return nil, 0, fmt.Errorf("run %d: its credit policy: %w", run.ID, err)
		}
		about.State = contract.CreditPolicyStateInUse
		return &policy{about: about, text: text, file: text}, 2 * len(text), nil
	})
}

func proposalOf(p store.Proposal) (*policy, error) {
	about, err := aboutPolicy(p.Text)
	if err != nil {
		return nil, fmt.Errorf("proposal %d: %w", p.ID, err)
	}
	about.State, about.Why, about.ProposedAt = contract.CreditPolicyStateProposed, &p.Why, &p.At
	about.Author = &p.Asker
	if p.Verdict != nil {
		about.State = contract.CreditPolicyState(*p.Verdict)
		about.JudgedBy, about.JudgedAt, about.JudgedWhy, about.ReleasedSha256 = p.JudgedBy, p.JudgedAt, p.JudgedWhy, p.FileSHA256
	}
	return &policy{about: about, text: p.Text, file: deref(p.FileText), id: p.ID, of: p}, nil
}

func aboutPolicy(text string) (contract.CreditPolicy, error) {
	cp, err := scoring.ParseCreditPolicy([]byte(text))
	if err != nil {
		return contract.CreditPolicy{}, err
	}
	said := func(v string) *string {
		if v == "" {
			return nil
		}
		return &v
	}
	return contract.CreditPolicy{Sha256: cp.SHA256, Id: cp.ID, Version: cp.Version, EffectiveFrom: said(cp.EffectiveFrom.String()), EffectiveTo: said(cp.EffectiveTo.String()),
		Author: said(cp.Author), ApprovedBy: said(cp.ApprovedBy), Runs: []int32{}}, nil
}

// named finds one of a county's credit policies, also by the file given out.
func (s *server) named(ctx context.Context, a store.Asker, county, sha256 string) (*policy, []*policy, error) {
	known, err := s.creditPolicies(ctx, a, county)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range known {
		if p.about.Sha256 == sha256 || deref(p.about.ReleasedSha256) == sha256 {
			return p, known, nil
		}
	}
	return nil, nil, store.ErrNone
}

func (s *server) GetCreditPolicy(c *gin.Context, sha256 string, q contract.GetCreditPolicyParams) {
	p, known, err := s.named(c.Request.Context(), asker(c), q.County, sha256)
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	values, err := scoring.ExplainCreditPolicy([]byte(p.text), scoring.Applicant{})
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	out := contract.CreditPolicyText{Policy: p.about, Text: p.text, Values: []contract.CreditPolicyValue{}, Changes: []contract.CreditPolicyChange{}}
	for _, v := range values {
		out.Values = append(out.Values, contract.CreditPolicyValue{Path: v.Path, Value: v.Value, Line: v.Line})
	}
	if i := slices.IndexFunc(known, func(k *policy) bool { return k.about.State == contract.CreditPolicyStateInUse }); i >= 0 {
		out.Changes, err = changesOf(known[i].text, p.text)
	}
	s.answer(c, out, err)
}

func changesOf(from, to string) ([]contract.CreditPolicyChange, error) {
	changes, err := scoring.DiffCreditPolicies([]byte(from), []byte(to))
	out := []contract.CreditPolicyChange{}
	for _, d := range changes {
		out = append(out, contract.CreditPolicyChange{Path: d.Path, Old: d.Old, New: d.New, OldLine: d.OldLine, NewLine: d.NewLine})
	}
	return out, err
}

// GetCreditPolicyFile gives the file out, of a proposal only a released one.
func (s *server) GetCreditPolicyFile(c *gin.Context, sha256 string, q contract.GetCreditPolicyFileParams) {
	p, _, err := s.named(c.Request.Context(), asker(c), q.County, sha256)
	switch {
	case err != nil:
		s.answer(c, nil, err)
	case p.file == "":
		fail(c, http.StatusConflict, "not-released", "this credit policy is not released", "a second person releases it first")
	default:
		c.Header("Cache-Control", "private, no-cache")
		c.Header("Content-Disposition", `attachment; filename="credit_policy.toml"`)
		c.Data(http.StatusOK, "application/toml; charset=utf-8", []byte(p.file))
	}
}

// ProposeCreditPolicy keeps a text for a second person to judge.
func (s *server) ProposeCreditPolicy(c *gin.Context, q contract.ProposeCreditPolicyParams) {
	var body contract.ProposeCreditPolicyJSONBody
	err := errors.Join(question(c, &body), inLength("text", body.Text, 1, mostPolicyText), inLength("why", body.Why, 4, 1000), plain("why", body.Why))
	if err == nil && !sixDigits(body.County) {
		err = fmt.Errorf("%w: county: not six digits (GB/T 2260)", errQuestion)
	}
	key := deref(q.IdempotencyKey)
	if err == nil && q.IdempotencyKey != nil {
		err = errors.Join(inLength("Idempotency-Key", key, 1, 100), plain("Idempotency-Key", key))
	}
	ctx, a := c.Request.Context(), asker(c)
	var p store.Proposal
	if err == nil {
		err = s.fit(ctx, a, body.County, body.Text)
	}
	if err == nil {
		p, err = s.Store.Propose(ctx, a, key, body.County, body.Text, body.Why)
	}
	var made *policy
	if err == nil {
		made, err = proposalOf(p)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusCreated, made.about)
}

// fit refuses a text that is no credit policy, or has the name of another.
func (s *server) fit(ctx context.Context, a store.Asker, county, text string) error {
	known, err := s.creditPolicies(ctx, a, county)
	if err != nil {
		return err
	}
	if len(known) == 0 {
		return store.ErrNone
	}
	cp, err := s.parsed(ctx, text)
	if err != nil {
		return err
	}
	for _, p := range known {
		if p.about.Id == cp.ID && p.about.Version == cp.Version && p.about.Sha256 != cp.SHA256 && p.about.State != contract.CreditPolicyStateRefused {
			return fmt.Errorf("%w: line %d: %s %s is the name of another text: raise the version", errPolicy, lineOf(text, "version"), cp.ID, cp.Version)
		}
	}
	return nil
}

// lineOf is where a key of the file stands.
func lineOf(text, key string) int {
	values, err := scoring.ExplainCreditPolicy([]byte(text), scoring.Applicant{})
	if err != nil {
		return 0
	}
	for _, v := range values {
		if v.Path == key {
			return v.Line
		}
	}
	return 0
}

// JudgeCreditPolicy releases or refuses a proposal.
func (s *server) JudgeCreditPolicy(c *gin.Context, sha256 string) {
	var body contract.JudgeCreditPolicyJSONBody
	err := errors.Join(question(c, &body), inLength("why", body.Why, 4, 1000), plain("why", body.Why))
	if err == nil && (!sixDigits(body.County) || !body.Verdict.Valid()) {
		err = fmt.Errorf("%w: want a county of six digits, and a verdict: released or refused", errQuestion)
	}
	ctx, a := c.Request.Context(), asker(c)
	var p *policy
	if err == nil {
		p, _, err = s.named(ctx, a, body.County, sha256)
	}
	if err == nil && p.id == 0 {
		err = store.ErrNone // runs were decided by it: there is nothing to judge
	}
	file := ""
	if err == nil && body.Verdict == contract.JudgeCreditPolicyJSONBodyVerdictReleased {
		if p.of.Asker == a.ID {
			err = store.ErrMaker
		} else if signed, bad := scoring.SignCreditPolicy([]byte(p.text), p.of.Asker, a.ID, parcels.DateOf(s.now().In(chinaTime))); bad != nil {
			err = fmt.Errorf("%w: %w", errPolicy, bad)
		} else {
			file = string(signed)
		}
	}
	if err == nil {
		err = s.Store.JudgeProposal(ctx, a, p.of, string(body.Verdict), body.Why, file)
	}
	if err == nil {
		p, _, err = s.named(ctx, a, body.County, sha256)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	s.answer(c, p.about, nil)
}
