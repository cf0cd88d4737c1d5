package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/cluster"
	"github.com/parus-lending/parus/data/cluster/clustertest"
	"github.com/parus-lending/parus/data/store"
)

// A sample run goes from its folder into PostGIS as a user would do it, and what
// the database says is what the files say, counted here from decisions.csv.
func TestPublishASampleRun(t *testing.T) {
	clustertest.Need(t)
	county, out := smallCounty(t), filepath.Join(t.TempDir(), "run")
	parus(t, "season", "run", filepath.Join(county, "county.toml"), "--out", out)
	ctx := context.Background()
	c, err := cluster.Start(ctx, clustertest.Folder(t), "fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Stop()
	seal := filepath.Join(t.TempDir(), "seal.key")
	if err := os.WriteFile(seal, []byte(strings.Repeat("5a", 32)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"publish", out, "--database", c.URL("postgres"), "--roster", filepath.Join(county, "contractors.csv"), "--key", filepath.Join(county, "identity.key"), "--seal", seal}
	if said := parus(t, args...); !strings.Contains(said, "Published as run 1") || !strings.Contains(said, "120 parcels") || !strings.Contains(said, "Sealed ") {
		t.Error(said)
	}
	if said := parus(t, args...); !strings.Contains(said, "nothing was changed") {
		t.Errorf("again: %s", said)
	}

	text, err := os.ReadFile(filepath.Join(out, "decisions.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(ctx, c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	code := strings.TrimSpace(rows[1][2])
	officer := store.Asker{ID: "li", Role: "officer", Counties: []string{code}}
	for _, r := range rows[1:] {
		var outcome, limit string
		err := s.As(ctx, officer, func(tx pgx.Tx) error {
			return tx.QueryRow(ctx, "SELECT outcome, limit_fen::text FROM parus.decision WHERE decision_id = $1 AND grower_id = $2", r[0], r[1]).Scan(&outcome, &limit)
		})
		if err != nil || outcome != r[5] || limit != r[6] {
			t.Errorf("decision %s: %s %s, %v; the file says %s %s", r[0], outcome, limit, err, r[5], r[6])
		}
	}
	token := strings.TrimSpace(parus(t, "member", "add", "portal", "--role", "officer", "--county", code, "--token", "--database", c.URL("postgres")))
	asks(t, c, s, seal, token, rows[1][0])
	heads := filepath.Join(t.TempDir(), "heads")
	for _, args := range [][]string{{"close"}, {"verify"}} {
		said := parus(t, append([]string{"audit"}, append(args, "--database", c.URL("postgres"), "--heads", heads)...)...)
		if !strings.Contains(said, "Entry 0 is the end") && !strings.Contains(said, "is whole: 0 entries") {
			t.Error(said)
		}
	}
	sealer, err := store.LoadSealer(seal, store.AES)
	if err != nil {
		t.Fatal(err)
	}
	names, err := csvColumn(filepath.Join(county, "contractors.csv"), "CBFMC")
	if err != nil {
		t.Fatal(err)
	}
	found, err := s.FindPeople(ctx, sealer, officer, names[0])
	if err != nil || len(found) == 0 || found[0].Name == names[0] {
		t.Errorf("%s is found as %+v, %v", names[0], found, err)
	}
}

// asks starts the service with a login that owns nothing, asks it for a decision
// with a service token, and ends it as Ctrl-C does.
func asks(t *testing.T, c *cluster.Cluster, owner *store.Store, seal, token, decision string) {
	t.Helper()
	if err := owner.CreateLogin(context.Background(), "parus_api", "secret"); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword("parus_api", "secret")
	cmd := command("serve", "--database", u.String(), "--listen", "127.0.0.1:0", "--seal", seal, "--metrics", "127.0.0.1:0")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	metrics, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(metrics, err)
	}
	line, err := lines.ReadString('\n')
	if err != nil {
		t.Fatal(line, err)
	}
	address := line[strings.Index(line, "http://"):strings.Index(line, ",")]
	if text := fetch(t, token, address+"/v1/decisions/"+decision); !strings.Contains(text, `"decision_id":"`+decision) {
		t.Errorf("%.200s", text)
	}
	if text := fetch(t, "", strings.TrimSuffix(strings.TrimSpace(metrics[strings.Index(metrics, "http://"):]), ".")); !strings.Contains(text, `route="/v1/decisions/:id",status="200"} 1`) {
		t.Errorf("metrics: %.300s", text)
	}
	cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err != nil && !strings.Contains(err.Error(), "130") {
		t.Error(err)
	}
}

// csvColumn reads the cells of one column.
func csvColumn(path, name string) (out []string, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
	if err != nil {
		return nil, err
	}
	for i, h := range rows[0] {
		for _, r := range rows[1:] {
			if h == name {
				out = append(out, r[i])
			}
		}
	}
	return out, nil
}

func TestPublishSaysWhatIsMissing(t *testing.T) {
	for want, args := range map[string][]string{
		"--database": {"publish", t.TempDir()},
		"--key":      {"publish", t.TempDir(), "--database", "postgres://x", "--roster", "publish_test.go"},
		"connect":    {"publish", t.TempDir(), "--database", "postgres://127.0.0.1:1/x"},
	} {
		cmd := command(args...)
		cmd.Env = append(cmd.Env, "DATABASE_URL=")
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}
