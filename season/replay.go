package season

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/scoring"
)

// readStored reads what the decisions of a run rest on.
func readStored(dir string) (*scoring.Stored, *scoring.CreditPolicy, error) {
	path := filepath.Join(dir, rundir.EvidenceFile)
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s holds no %s: it is no finished run, or an older program made it; run its season again", dir, rundir.EvidenceFile)
	}
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	s, err := scoring.ReadStored(f)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	cp, err := scoring.ParseCreditPolicy([]byte(s.CreditPolicy))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: the credit policy stored in it: %w", path, err)
	}
	return s, cp, nil
}

// Replayed is a decision made again from what the run stored.
type Replayed struct {
	Row    []byte // the decision as one line of JSON, with the names of the columns
	Stored []byte // the row of decisions.parquet in the same form
}

// Same reports whether the replay gave the bytes that the run wrote.
func (r Replayed) Same() bool { return string(r.Row) == string(r.Stored) }

// Replay makes one decision of a run again from the run's stored evidence and
// credit policy; neither the county's files nor today's credit policy are read.
// The decision is named by its ID or by the first characters of it, eight or
// more, or by the grower's ID.
func Replay(dir, decision string) (Replayed, error) {
	rows, err := rundir.ReadDecisions(dir)
	if err != nil {
		return Replayed{}, err
	}
	var found []rundir.Decision
	for _, r := range rows {
		if r.GrowerID == decision || len(decision) >= 8 && strings.HasPrefix(r.DecisionID, decision) {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		return Replayed{}, fmt.Errorf("%d decisions of %s match %q: name one by its decision_id (or its first 8 characters or more) as in %s", len(found), dir, decision, rundir.DecisionsCSV)
	}
	s, cp, err := readStored(dir)
	if err != nil {
		return Replayed{}, err
	}
	_, d, ok := scoring.JudgeOne(s.Evidence, cp, found[0].GrowerID)
	if !ok {
		return Replayed{}, fmt.Errorf("%s knows no grower %s, who stands in %s: the files are not of one run", rundir.EvidenceFile, found[0].GrowerID, rundir.DecisionsFile)
	}
	return Replayed{[]byte(jsonText(DecisionRow(d))), []byte(jsonText(found[0]))}, nil
}

// BackTest decides the season of a run again under another credit policy, on
// the run's stored evidence, and says what moves against the run's own policy.
func BackTest(dir string, cp *scoring.CreditPolicy) (scoring.Moves, error) {
	s, own, err := readStored(dir)
	if err != nil {
		return scoring.Moves{}, err
	}
	_, from := scoring.Judge(s.Evidence, own)
	_, to := scoring.Judge(s.Evidence, cp)
	return scoring.CompareDecisions(from, to), nil
}

// FindRuns lists the runs of a season in a folder: the folder itself, or the
// folders up to two below it. An empty season takes every run.
func FindRuns(root, season string) ([]string, error) {
	var out []string
	for _, pattern := range []string{"", "*", "*/*"} {
		files, err := filepath.Glob(filepath.Join(root, pattern, rundir.InfoFile))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			dir := filepath.Dir(f)
			info, err := rundir.ReadInfo(dir)
			if err != nil {
				return nil, err
			}
			if _, err := os.Stat(filepath.Join(dir, rundir.EvidenceFile)); err == nil && (season == "" || info.Season == season) {
				out = append(out, dir)
			}
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no run of season %q with stored evidence in %s or up to two folders below it", season, root)
	}
	sort.Strings(out)
	return out, nil
}
