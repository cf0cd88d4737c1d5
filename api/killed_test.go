package api_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/api"
	"github.com/parus-lending/parus/data/cluster"
	"github.com/parus-lending/parus/data/cluster/clustertest"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/data/store/storetest"
)

// serveEnv makes this test's program a service on the database it names, to be killed.
const serveEnv = "PARUS_TEST_SERVE"

func serveToBeKilled(database string) error {
	s, err := store.Open(context.Background(), database)
	if err != nil {
		return err
	}
	h, err := api.New(api.Config{Store: s})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + l.Addr().String())
	return api.Serve(context.Background(), l, api.NewServer(h))
}

// childService starts a service of its own process and gives its address.
func childService(t *testing.T, database string) (*exec.Cmd, string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), serveEnv+"="+database)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal("the service does not start: ", err)
	}
	return cmd, strings.TrimSpace(line)
}

// killAll kills a process and its children, which would otherwise end in order.
func killAll(t *testing.T, pid int) {
	t.Helper()
	kill := []int{pid}
	for child, stat := range processes(t) {
		if stat[1] == strconv.Itoa(pid) {
			kill = append(kill, child)
		}
	}
	for _, pid := range kill {
		syscall.Kill(pid, syscall.SIGKILL)
	}
}

// processes are those of this machine: what /proc/PID/stat says after the name, from the state and the parent on.
func processes(t testing.TB) map[int][]string {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	out := map[int][]string{}
	for _, path := range all {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		rest := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil && len(rest) > 13 {
			out[pid] = rest
		}
	}
	return out
}

// load asks for decisions, eight at a time, each with a key of its own, until the
// service answers no more; kill is called when so many were answered. What was
// acknowledged is kept by its key.
func load(t *testing.T, address, token, name string, kill func(), after int, kept *sync.Map) (acknowledged int) {
	t.Helper()
	var wait sync.WaitGroup
	var lock sync.Mutex
	client := &http.Client{Timeout: 10 * time.Second}
	late := time.Now().Add(time.Minute)
	for worker := range 8 {
		wait.Go(func() {
			for i := 0; ; i++ {
				key := fmt.Sprint(name, "-", worker, "-", i)
				status, answer, err := decideWith(client, address, token, key)
				switch {
				case err != nil || status >= 500:
					return // killed
				case status != http.StatusCreated:
					t.Errorf("%s: %d %s", key, status, answer)
					return
				case time.Now().After(late):
					t.Error("it goes on and on after it was killed")
					return
				}
				kept.Store(key, answer)
				lock.Lock()
				acknowledged++
				if acknowledged == after {
					kill()
				}
				lock.Unlock()
			}
		})
	}
	wait.Wait()
	return acknowledged
}

func decideWith(client *http.Client, address, token, key string) (int, string, error) {
	req, err := http.NewRequest("POST", address+"/v1/decisions", strings.NewReader(fmt.Sprintf(`{"county":"341523","grower_id":"g341523-%d"}`, len(key)%4)))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Idempotency-Key", key)
	res, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	return res.StatusCode, string(b), err
}

// A service and then its database are killed while eight ask for decisions.
// What was acknowledged is there afterwards, to the byte and once; each kept
// decision has its entry in the audit log, and the log's chain holds. The
// database runs with PostgreSQL's own settings: a commit is flushed to the disk.
func TestKilledUnderLoad(t *testing.T) {
	clustertest.Need(t)
	ctx, folder := context.Background(), clustertest.Folder(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db, err := cluster.Start(ctx, folder)
	must(err)
	defer func() { db.Stop() }()
	must(db.Create(ctx, "parus"))
	must(store.Migrate(ctx, db.URL("parus")))
	owner, err := store.Open(ctx, db.URL("parus"))
	must(err)
	dir := storetest.Run(t, "341523", 6)
	must(os.WriteFile(filepath.Join(dir, rundir.EvidenceFile), evidenceFile(t, evidenceOf("341523")), 0o644))
	_, err = owner.Publish(ctx, dir)
	must(err)
	token, err := owner.NewToken(ctx, store.Member{Subject: "load", Role: "officer", Counties: []string{"341523"}}, time.Time{})
	must(err)
	must(owner.CreateLogin(ctx, "killed", "x"))
	owner.Close()
	login := func() string {
		u, err := url.Parse(db.URL("parus"))
		must(err)
		u.User = url.UserPassword("killed", "x")
		return u.String()
	}

	var kept sync.Map
	const after = 150
	service, address := childService(t, login())
	n := load(t, address, token, "service", func() { service.Process.Kill() }, after, &kept)
	service.Wait()
	_, address = childService(t, login())
	b, err := os.ReadFile(filepath.Join(folder, "data", "postmaster.pid"))
	must(err)
	server, err := strconv.Atoi(strings.SplitN(string(b), "\n", 2)[0])
	must(err)
	n += load(t, address, token, "database", func() { killAll(t, server) }, after, &kept)
	must(db.Stop())
	db, err = cluster.Start(ctx, folder)
	must(err)
	if n < 2*after {
		t.Fatalf("%d acknowledged", n)
	}

	owner, err = store.Open(ctx, db.URL("parus"))
	must(err)
	defer owner.Close()
	end, err := owner.VerifyAudit(ctx, nil)
	must(err)
	rows := map[string]string{}
	var entries int
	must(owner.As(ctx, store.Asker{ID: "zhao", Role: "auditor", Counties: []string{"341523"}}, func(tx pgx.Tx) error {
		found, err := tx.Query(ctx, "SELECT key, answer::text FROM parus.asked_decision")
		if err != nil {
			return err
		}
		var key, answer string
		if _, err := pgx.ForEachRow(found, []any{&key, &answer}, func() error { rows[key] = answer; return nil }); err != nil {
			return err
		}
		return tx.QueryRow(ctx, "SELECT count(*) FROM parus.asked_decision d JOIN parus.audit e ON e.detail::json ->> 'asked' = d.id::text WHERE e.act = 'decide'").Scan(&entries)
	}))
	lost := 0
	kept.Range(func(key, answer any) bool {
		if rows[key.(string)] != answer {
			lost++
			t.Errorf("%s was acknowledged and is lost: %.40q", key, rows[key.(string)])
		}
		return lost < 5
	})
	if entries != len(rows) || end.Seq < int64(entries) {
		t.Errorf("%d kept, %d with an entry in the audit log, which ends with %d", len(rows), entries, end.Seq)
	}
	// Asked again with its key, an acknowledged question is answered as it was.
	_, address = childService(t, login())
	status, answer, err := decideWith(http.DefaultClient, address, token, "database-0-0")
	want, _ := kept.Load("database-0-0")
	if err != nil || status != http.StatusCreated || answer != want || !json.Valid([]byte(answer)) {
		t.Errorf("%d %.60s %v", status, answer, err)
	}
	t.Logf("%d acknowledged, %d kept", n, len(rows))
}
