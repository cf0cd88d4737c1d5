package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/scoring"
)

// An application may rest on a decision that was asked for, and comes once by its key.
func TestApplyOnADecisionAskedFor(t *testing.T) {
	s := newBank(t)
	d := s.do(t, "officer", "/v1/decisions", decideFirst, 201, "")
	body := fmt.Sprintf(`{"county":"341523","run":%v,"grower_id":"g341523-0","decision_id":%q,"product":"season","purpose":"inputs","asked_fen":100000,"asked_until":"2024-12-01"}`, d["run"], d["decision_id"])
	made := s.do(t, "officer", "/v1/applications", body, 201, "", "Idempotency-Key", "a")
	if made["machine_outcome"] != d["outcome"] || made["machine_fen"] != d["limit_fen"] || made["state"] != "survey" {
		t.Error(made, d)
	}
	if again := s.do(t, "officer", "/v1/applications", body, 201, "", "Idempotency-Key", "a"); again["id"] != made["id"] {
		t.Error(again)
	}
	s.do(t, "officer2", "/v1/applications", body, 409, "exists")
	s.do(t, "officer", "/v1/applications", strings.Replace(body, `"g341523-0"`, `"g341523-1"`, 1), 404, "none") // the decision is another grower's
	s.do(t, "far", "/v1/applications", body, 404, "none")
	s.do(t, "officer", "/v1/applications", strings.Replace(body, "100000", "0", 1), 422, "does-not-fit")
	s.do(t, "officer", "/v1/applications", strings.Replace(body, `"inputs"`, `"wedding"`, 1), 400, "bad-question")
}

// After a proven disaster the policy puts the loan off, and so far an approver
// may grant it: scoring's golden case, a drought over two thirds of the land.
func TestReliefOfAProvenDisaster(t *testing.T) {
	s := newBank(t)
	const folder = "../scoring/testdata/golden/"
	policy, err := os.ReadFile(folder + "credit_policy.toml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(folder + "disaster.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Policy   [][2]string
		Evidence *scoring.CountyEvidence
	}
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	for _, c := range golden.Policy {
		policy = bytes.Replace(policy, []byte(c[0]), []byte(c[1]), 1)
	}
	var file bytes.Buffer
	if err := scoring.WriteStored(&file, golden.Evidence, policy); err != nil {
		t.Fatal(err)
	}
	s.sql(t, "UPDATE parus.run SET evidence = $1 WHERE county = '341523'", file.Bytes())
	d := s.do(t, "officer", "/v1/decisions", `{"county":"341523","grower_id":"anna"}`, 201, "")
	if d["limit_fen"] != 240_000.0 || d["tenor_end"] != "2024-08-11" { // as the case works out by hand
		t.Fatal(d)
	}
	made := s.do(t, "officer", "/v1/applications", fmt.Sprintf(`{"county":"341523","run":%v,"grower_id":"anna","decision_id":%q,"product":"season","purpose":"inputs","asked_fen":240000,"asked_until":"2024-08-11"}`, d["run"], d["decision_id"]), 201, "")
	id := int(made["id"].(float64))
	at := fmt.Sprint("/v1/applications/", id)
	s.surveyed(t, id)
	s.do(t, "officer2", at+"/acts", `{"act":"review","amount_fen":240000,"until":"2024-08-11"}`, 200, "")
	s.do(t, "approver", at+"/acts", `{"act":"approve"}`, 200, "")
	limit := s.get(t, s.as(t, "officer"), at)["limit"].(map[string]any)["id"]
	asked := s.do(t, "officer", "/v1/reliefs", fmt.Sprintf(`{"limit":%v,"until":"2025-03-01","why":"the drought"}`, limit), 201, "")
	// 2024-08-11 and the policy's 180 days are 2025-02-07.
	if offer := asked["offer"].(map[string]any); asked["offered_until"] != "2025-02-07" || fmt.Sprint(offer["notices"]) != "[disasters.csv:2]" {
		t.Error(asked)
	}
	decide := fmt.Sprintf("/v1/reliefs/%v/acts", asked["id"])
	s.do(t, "approver2", decide, `{"act":"grant","until":"2025-02-08","why":"the notice covers it"}`, 403, "beyond-policy")
	s.do(t, "approver2", decide, `{"act":"grant","until":"2025-02-07","why":"the notice covers it"}`, 200, "")
}

// Every row of the factory's lists comes once, whatever the size of a page, and
// a cursor that no list gave is refused.
func TestPagesOfTheFactory(t *testing.T) {
	s := newBank(t)
	for i, n := range []int{0, 1, 3} {
		id := s.applied(t, n, 100_000)
		at := fmt.Sprintf("/v1/applications/%d/acts", id)
		s.surveyed(t, id)
		s.do(t, "officer2", at, fmt.Sprintf(`{"act":"review","amount_fen":100000,"until":"2024-12-%02d","reason_code":"guarantee","why":"his son stands in"}`, 5+i%2), 200, "") // later than the machine's 2024-12-04
		s.do(t, "approver", at, `{"act":"approve"}`, 200, "")
		s.do(t, "approver2", at, `{"act":"approve"}`, 200, "")
		s.do(t, "officer", "/v1/tasks", fmt.Sprintf(`{"county":"341523","kind":"monitor","grower_id":"g341523-%d"}`, n), 201, "")
	}
	for _, list := range []string{"applications", "tasks", "limits", "overrides"} {
		path := "/v1/" + list + "?county=341523"
		for _, limit := range []int{1, 2, 3, 4} {
			seen := map[string]bool{}
			for next := ""; ; {
				v := s.get(t, s.as(t, "risk_manager"), fmt.Sprintf("%s&limit=%d&cursor=%s", path, limit, next))
				for _, row := range v["items"].([]any) {
					seen[fmt.Sprint(row)] = true
				}
				if next, _ = v["next"].(string); next == "" {
					break
				}
			}
			if len(seen) != 3 {
				t.Errorf("%s by %d: %d rows", path, limit, len(seen))
			}
		}
		for _, cursor := range []string{"x", "1.x", "-1", "0", "2024-13-01.1", "2024-12-01.", "9999999999999999999", "'%3BDROP", "99999999999999999.1"} {
			if status, v := s.ask(t, s.as(t, "officer"), "GET", path+"&cursor="+cursor, ""); status != 400 {
				t.Errorf("%s cursor %s: %d %v", list, cursor, status, v)
			}
		}
	}
}

// Many draw by HTTP at once: what was answered 201 is what is outstanding.
func TestDrawingsAtOnce(t *testing.T) {
	s := newBank(t)
	id := s.applied(t, 0, 100_000)
	s.surveyed(t, id)
	at := fmt.Sprint("/v1/applications/", id)
	s.do(t, "officer2", at+"/acts", `{"act":"review","amount_fen":100000,"until":"2024-12-01"}`, 200, "")
	s.do(t, "approver", at+"/acts", `{"act":"approve"}`, 200, "")
	limit := s.get(t, s.as(t, "officer"), at)["limit"].(map[string]any)["id"]
	var wait sync.WaitGroup
	var mu sync.Mutex
	answers := map[int]int{}
	for i := range 24 {
		who := s.as(t, []string{"officer", "officer2"}[i%2])
		wait.Go(func() {
			status, _ := s.ask(t, who, "POST", fmt.Sprintf("/v1/limits/%v/drawings", limit), `{"amount_fen":9000}`, "Idempotency-Key", fmt.Sprint(i))
			mu.Lock()
			defer mu.Unlock()
			answers[status]++
		})
	}
	wait.Wait()
	if answers[201] != 11 || answers[409] != 13 { // 11 × 9,000 = 99,000 of 100,000
		t.Error(answers)
	}
	if v := s.get(t, s.as(t, "officer"), fmt.Sprint("/v1/limits/", limit)); v["outstanding_fen"] != 99_000.0 {
		t.Error(v)
	}
}

// Every page of the factory by every role: the wanted table is written out here.
func TestRolesOfTheFactory(t *testing.T) {
	s := newBank(t)
	const people = "officer approver risk_manager auditor"
	for call, roles := range map[string]string{
		"GET /v1/applications?county=341523": people, "GET /v1/applications/1": people, "GET /v1/tasks?county=341523": people, "GET /v1/tasks/1": people, "GET /v1/limits?county=341523": people,
		"GET /v1/limits/1": people, "GET /v1/overrides?county=341523": people, "GET /v1/reliefs?county=341523": people, "GET /v1/human-reviews?county=341523": people, "GET /v1/approval-rules?county=341523": people,
		"GET /v1/photos/1": "officer approver risk_manager", "POST /v1/applications": "officer", "POST /v1/applications/1/acts": "officer approver risk_manager", "POST /v1/tasks": "officer approver risk_manager",
		"POST /v1/tasks/1/acts": "officer approver risk_manager", "POST /v1/tasks/1/photos": "officer", "POST /v1/tasks/1/survey": "officer", "POST /v1/limits/1/drawings": "officer", "POST /v1/limits/1/repayments": "officer",
		"POST /v1/reliefs": "officer", "POST /v1/reliefs/1/acts": "approver risk_manager", "POST /v1/human-reviews": "officer", "POST /v1/human-reviews/1/acts": "approver risk_manager",
		"POST /v1/approval-rules": "risk_manager", "POST /v1/approval-rules/1/confirm": "approver risk_manager",
	} {
		method, path, _ := strings.Cut(call, " ")
		for _, role := range store.Roles {
			status, _ := s.ask(t, s.as(t, role), method, path, "nothing", "Idempotency-Key", "x") // a body that no page takes: 400 is as far as it gets
			if may := strings.Contains(" "+roles+" ", " "+role+" "); may != (status != 403) {
				t.Errorf("%s as %s: %d", call, role, status)
			}
		}
		if status, _ := s.ask(t, "", method, path, ""); status != 401 {
			t.Errorf("%s by nobody: %d", call, status)
		}
	}
}

// A threshold holds once a second person has confirmed it.
func TestApprovalRule(t *testing.T) {
	s := newBank(t)
	rule := s.do(t, "risk_manager", "/v1/approval-rules", `{"county":"341523","from_fen":900000,"why":"a good year"}`, 201, "")
	confirm := fmt.Sprintf("/v1/approval-rules/%v/confirm", rule["id"])
	s.do(t, "risk_manager", confirm, "{}", 403, "own-work")
	s.do(t, "risk_manager", "/v1/approval-rules", `{"county":"411622","from_fen":1,"why":"another county"}`, 403, "not-your-role")
	if v := s.do(t, "approver", confirm, "{}", 200, ""); v["holds"] != true {
		t.Error(v)
	}
	s.do(t, "approver2", confirm, "{}", 409, "decided")
}
