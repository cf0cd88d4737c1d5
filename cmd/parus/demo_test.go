package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/cluster/clustertest"
	"github.com/parus-lending/parus/data/store"
)

// A visitor starts the demonstration, signs in as the officer as a browser does
// (code and PKCE), reads a decision and ends it with Ctrl-C; what is written of
// the decision is compared with the run's own decisions.csv.
func TestDemo(t *testing.T) {
	clustertest.Need(t)
	folder := clustertest.Folder(t)
	for _, again := range []bool{false, true} {
		began := time.Now()
		cmd, address := startDemo(t, folder)
		t.Logf("answers after %.1f s", time.Since(began).Seconds())
		server, err := os.ReadFile(filepath.Join(folder, "postgresql", "data", "postmaster.pid"))
		if err != nil {
			t.Fatal(err)
		}
		if page := fetch(t, "", address); !strings.Contains(page, "<title>Parus") {
			t.Errorf("the map's page: %.200s", page)
		}
		token := signInAt(t, address, "officer")
		f, err := os.ReadFile(filepath.Join(folder, "run", "decisions.csv"))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(f), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			DecisionID string `json:"decision_id"`
			Outcome    string `json:"outcome"`
			LimitFen   int64  `json:"limit_fen"`
		}
		if err := json.Unmarshal([]byte(fetch(t, token, address+"v1/decisions/"+rows[1][0])), &d); err != nil {
			t.Fatal(err)
		}
		if d.DecisionID != rows[1][0] || d.Outcome != rows[1][5] || fmt.Sprint(d.LimitFen) != rows[1][6] {
			t.Errorf("the service says %+v, the run %v", d, rows[1][:7])
		}
		decideNow(t, address, token, rows)
		if !again {
			preAdmission(t, address, token, folder)
		}
		if again { // one run, although it was published twice
			if runs := fetch(t, token, address+"v1/runs?county="+strings.TrimSpace(rows[1][2])); strings.Count(runs, `"as_of"`) != 2 { // in mid-season and after the harvest
				t.Error(runs)
			}
		}
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil && !strings.Contains(err.Error(), "130") {
			t.Error(err)
		}
		if _, err := http.Get(address); err == nil {
			t.Error("it still answers")
		}
		heads, _, err := store.ReadHeads(filepath.Join(folder, "audit.heads"))
		if want := map[bool]int{false: 2, true: 3}[again]; err != nil || len(heads) < want { // at the first start, and at each end
			t.Errorf("%d days of the audit log are closed, want %d: %v", len(heads), want, err)
		}
		var pid int
		fmt.Sscan(string(server), &pid)
		if err := syscall.Kill(pid, 0); pid == 0 || err != syscall.ESRCH {
			t.Errorf("the database's process %d still runs: %v", pid, err)
		}
		all, err := filepath.Glob("/proc/[0-9]*/cmdline")
		if err != nil || len(all) == 0 {
			t.Fatal("no processes are listed: ", err)
		}
		for _, p := range all {
			if b, _ := os.ReadFile(p); strings.Contains(string(b), folder) {
				t.Errorf("a process of the demonstration is left: %s: %q", p, b)
			}
		}
	}
}

// decideNow decides every grower of the run again: the answer is what the run
// wrote, to the byte.
func decideNow(t *testing.T, address, token string, rows [][]string) {
	t.Helper()
	for i, r := range rows[1:] {
		q := fmt.Sprintf(`{"county":%q,"grower_id":%q}`, strings.TrimSpace(r[2]), r[1])
		req, err := http.NewRequest("POST", address+"v1/decisions?preview="+fmt.Sprint(i > 0), strings.NewReader(q))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		now, err := io.ReadAll(res.Body)
		res.Body.Close()
		if then := fetch(t, token, address+"v1/decisions/"+r[0]); err != nil || res.StatusCode > 201 || string(now) != then {
			t.Errorf("%s: %d, now\n%.500s\nin the run\n%.500s", r[1], res.StatusCode, now, then)
		}
	}
}

// startDemo starts it and waits for its last line, which holds the address.
func startDemo(t *testing.T, folder string) (*exec.Cmd, string) {
	t.Helper()
	cmd := command("demo", "--folder", folder, "--no-open")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if m := regexp.MustCompile(`^Open (http://127\.0\.0\.1:\d+/) in a browser`).FindStringSubmatch(lines.Text()); m != nil {
			go io.Copy(io.Discard, out)
			return cmd, m[1]
		}
	}
	t.Fatal("it ended without an address: ", cmd.Wait())
	return nil, ""
}

// signInAt goes through the pages of a sign-in: where it is, the page of people,
// the redirect back with the code, the token for the code.
func signInAt(t *testing.T, address, as string) (token string) {
	t.Helper()
	var at struct{ Issuer, Client string }
	if err := json.Unmarshal([]byte(fetch(t, "", address+"v1/sign-in")), &at); err != nil || at.Issuer != address+"id" {
		t.Fatal(at, err)
	}
	var provider struct {
		Authorize string `json:"authorization_endpoint"`
		Token     string `json:"token_endpoint"`
	}
	if err := json.Unmarshal([]byte(fetch(t, "", at.Issuer+"/.well-known/openid-configuration")), &provider); err != nil {
		t.Fatal(err)
	}
	verifier := strings.Repeat("verifier-", 6)
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{"client_id": {at.Client}, "redirect_uri": {address}, "response_type": {"code"}, "scope": {"openid"}, "state": {"here"}, "nonce": {"once"},
		"code_challenge_method": {"S256"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}
	people := fetch(t, "", provider.Authorize+"?"+q.Encode())
	link := ""
	for _, m := range regexp.MustCompile(`href="([^"]+)"`).FindAllStringSubmatch(people, -1) {
		if href := html.UnescapeString(m[1]); strings.Contains(href, "as="+as+"&") || strings.HasSuffix(href, "as="+as) {
			link = href
		}
	}
	if link == "" {
		t.Fatalf("nobody on the page is %s: %s", as, people)
	}
	stay := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := stay.Get(provider.Authorize + link)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	back, err := res.Location()
	if err != nil || !strings.HasPrefix(back.String(), address+"?") || back.Query().Get("state") != "here" {
		t.Fatal(back, err)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")}, "redirect_uri": {address}, "client_id": {at.Client}, "code_verifier": {verifier}}
	if res, err = http.PostForm(provider.Token, form); err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		ID string `json:"id_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.ID == "" {
		t.Fatal(res.Status, err)
	}
	return answer.ID
}

// fetch is what an address answers, which must be 200.
func fetch(t *testing.T, token, address string) string {
	t.Helper()
	req, err := http.NewRequest("GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %d %.300s %v", address, res.StatusCode, b, err)
	}
	return string(b)
}

// contractors are the people of the made-up county, after a line of headings.
func contractors(t *testing.T, folder string) [][]string {
	t.Helper()
	f, err := os.ReadFile(filepath.Join(folder, "county", "contractors.csv"))
	if err != nil {
		t.Fatal(err)
	}
	people, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(f), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return people
}

// preAdmission asks for people of the made-up county by their numbers until one
// is admitted and one is not: the county can be asked, whatever the day is.
func preAdmission(t *testing.T, address, token, folder string) {
	t.Helper()
	people := contractors(t, folder)
	number := slices.Index(people[0], "CBFZJHM")
	seen := map[int]bool{}
	for _, p := range people[1:] {
		var v struct {
			Counties []string
			NotAsked []any `json:"not_asked"`
		}
		body := `{"number":"` + p[number] + `"}`
		req, _ := http.NewRequest("POST", address+"v1/pre-admission", strings.NewReader(body))
		req.Header.Set("Authorization", "Bearer "+token)
		req.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		err = json.NewDecoder(res.Body).Decode(&v)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK || len(v.NotAsked) > 0 {
			t.Fatal(res.Status, v, err)
		}
		if seen[len(v.Counties)] = true; seen[0] && seen[1] {
			return
		}
	}
	t.Errorf("nobody admitted, or everybody: %v", seen)
}
