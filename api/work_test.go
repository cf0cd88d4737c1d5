package api_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/store"
)

// newBank is a service with a second officer and approver, one officer of
// another county, a threshold of ¥5,000, and a calendar that stands at the run's
// as-of day, 2024-07-15. Each of its decisions admits to ¥6,800 until 2024-12-04.
func newBank(t *testing.T) *service {
	t.Helper()
	s := newService(t)
	s.sql(t, "UPDATE parus.run SET sample = true")
	for subject, m := range map[string]store.Member{"officer2": {Role: "officer", Counties: []string{"341523"}}, "approver2": {Role: "approver", Counties: []string{"341523"}}, "far": {Role: "officer", Counties: []string{"411622"}}} {
		m.Subject, m.Name = subject, subject
		if err := s.owner.PutMember(context.Background(), s.id.Issuer, m, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.owner.SetApprovalRule(context.Background(), "341523", 500_000, "the board's order", [2]string{"risk_manager", "approver"}); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *service) sql(t *testing.T, query string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), s.database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), query, args...); err != nil {
		t.Fatal(query, err)
	}
}

// do is a write by somebody, who gets the wanted status and kind of problem.
func (s *service) do(t *testing.T, who, path, body string, want int, kind string, header ...string) map[string]any {
	t.Helper()
	status, v := s.ask(t, s.as(t, who), "POST", path, body, header...)
	if got, _ := v["type"].(string); status != want || strings.TrimPrefix(got, "urn:parus:problem:") != kind {
		t.Errorf("POST %s %s as %s: %d %v %v, want %d %s", path, body, who, status, v["type"], v["detail"], want, kind)
	}
	return v
}

// applied is the number of a new application of grower n for so many fen.
func (s *service) applied(t *testing.T, n, fen int) int {
	t.Helper()
	run := s.get(t, s.as(t, "officer"), "/v1/runs?county=341523")["list"].([]any)[0].(map[string]any)["id"]
	v := s.do(t, "officer", "/v1/applications", fmt.Sprintf(`{"county":"341523","run":%v,"grower_id":"g341523-%d","decision_id":"d341523-%d","product":"season","purpose":"inputs","asked_fen":%d,"asked_until":"2024-12-01"}`, run, n, n, fen), 201, "")
	id, _ := v["id"].(float64)
	return int(id)
}

// aPicture is a small JPEG image.
func aPicture(t testing.TB, grey byte) string {
	t.Helper()
	g := image.NewGray(image.Rect(0, 0, 64, 48))
	for i := range g.Pix {
		g.Pix[i] = grey ^ byte(i)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, g, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const seen = `{"seen_at":"2024-07-15T08:00:00Z","lat":31.0004,"lon":115.0004,"accuracy_m":8,"crop":"maize","farmed":"yes","condition":"good","boundary":"as_registered","note":"in full leaf","photos":[%s]}`

// surveyed finishes the survey of an application, by the officer.
func (s *service) surveyed(t *testing.T, application int) {
	t.Helper()
	for _, x := range s.get(t, s.as(t, "officer"), fmt.Sprint("/v1/applications/", application))["tasks"].([]any) {
		if task := x.(map[string]any); task["kind"] == "survey" && task["done_by"] == nil {
			s.do(t, "officer", fmt.Sprintf("/v1/tasks/%v/survey", task["id"]), fmt.Sprintf(seen, ""), 201, "")
		}
	}
}

// The whole path: application, survey with a photo, review, approval within the
// threshold, limit, drawing, repayment, relief, and each turn that is denied.
func TestFromApplicationToRepayment(t *testing.T) {
	s := newBank(t)
	id := s.applied(t, 0, 450_000)
	at := fmt.Sprint("/v1/applications/", id)
	s.do(t, "far", at+"/acts", `{"act":"withdraw","why":"not mine"}`, 404, "none")
	if status, _ := s.ask(t, s.as(t, "far"), "GET", at, ""); status != 404 {
		t.Error(status)
	}

	tasks := s.get(t, s.as(t, "officer"), "/v1/tasks?county=341523")
	task := tasks["items"].([]any)[0].(map[string]any)
	if fmt.Sprint(tasks["counts"]) != "[map[hours:48 kind:collect late:0 mine:0 open:0] map[hours:120 kind:monitor late:0 mine:0 open:0] map[hours:48 kind:review late:0 mine:0 open:0] map[hours:72 kind:survey late:0 mine:0 open:1]]" {
		t.Error(tasks["counts"])
	}
	work := fmt.Sprintf("/v1/tasks/%v", task["id"])
	s.do(t, "approver", work+"/acts", `{"act":"take"}`, 403, "not-your-role")
	s.do(t, "officer", work+"/acts", `{"act":"take"}`, 200, "")
	s.do(t, "officer2", work+"/acts", `{"act":"take"}`, 409, "taken")
	s.do(t, "officer2", work+"/survey", fmt.Sprintf(seen, ""), 409, "taken")
	s.do(t, "officer", work+"/photos", "GIF89a no photo", 400, "bad-question")
	s.do(t, "officer", work+"/photos", aPicture(t, 1)+strings.Repeat(" ", 700_000), 400, "bad-question")
	photo := s.do(t, "officer", work+"/photos", aPicture(t, 1), 201, "")["id"]
	if again := s.do(t, "officer", work+"/photos", aPicture(t, 1), 201, "")["id"]; again != photo {
		t.Errorf("the same photo again is %v, not %v", again, photo)
	}
	s.do(t, "officer", work+"/survey", fmt.Sprintf(seen, "999"), 422, "photos")
	body := fmt.Sprintf(seen, fmt.Sprint(photo))
	first := s.do(t, "officer", work+"/survey", body, 201, "", "Idempotency-Key", "phone 1") // a phone that heard no answer sends again
	if again := s.do(t, "officer", work+"/survey", body, 201, "", "Idempotency-Key", "phone 1"); again["id"] != first["id"] || again["at"] != first["at"] {
		t.Error(first, again)
	}
	s.do(t, "officer", work+"/survey", body, 409, "task-done")

	if status, b := s.bytes(t, "approver", fmt.Sprint("/v1/photos/", photo)); status != 200 || b != aPicture(t, 1) {
		t.Errorf("the photo comes back as %d, %d bytes", status, len(b))
	}
	if status, _ := s.bytes(t, "auditor", fmt.Sprint("/v1/photos/", photo)); status != 403 {
		t.Error(status)
	}
	proposal := `{"act":"review","amount_fen":400000,"until":"2024-12-01"}`
	s.do(t, "officer", at+"/acts", proposal, 403, "own-work")
	s.do(t, "risk_manager", at+"/acts", proposal, 403, "not-your-role")
	s.do(t, "officer2", at+"/acts", `{"act":"review","amount_fen":400000,"until":"2024-13-01"}`, 400, "bad-question")
	s.do(t, "officer2", at+"/acts", `{"act":"review","amount_fen":450001,"until":"2024-12-01"}`, 422, "amount")
	s.do(t, "officer2", at+"/acts", `{"act":"reopen"}`, 400, "bad-question")
	s.do(t, "officer2", at+"/acts", `{"act":"send_back","why":"ask him at 13900001234"}`, 422, "does-not-fit")
	s.do(t, "officer2", at+"/acts", proposal, 200, "")
	s.do(t, "officer", at+"/acts", `{"act":"approve"}`, 403, "not-your-role")
	if v := s.get(t, s.as(t, "approver"), at); fmt.Sprintf("%v %v %v %v", v["may"], v["barred"], v["threshold_fen"], v["today"]) != "[approve refuse send_back] [] 500000 2024-07-15" {
		t.Error(v["may"], v["barred"], v["threshold_fen"], v["today"])
	}
	s.do(t, "approver", at+"/acts", `{"act":"approve","version":1}`, 409, "stale")
	if v := s.do(t, "approver", at+"/acts", `{"act":"approve"}`, 200, ""); v["state"] != "active" {
		t.Error(v)
	}
	s.do(t, "approver2", at+"/acts", `{"act":"approve"}`, 409, "no-such-step")

	limit := s.get(t, s.as(t, "officer"), at)["limit"].(map[string]any)
	money := fmt.Sprintf("/v1/limits/%v", limit["id"])
	s.do(t, "officer", money+"/drawings", `{"amount_fen":100000}`, 400, "bad-question") // no key
	s.do(t, "approver", money+"/drawings", `{"amount_fen":100000}`, 403, "not-your-role", "Idempotency-Key", "a")
	s.do(t, "far", money+"/drawings", `{"amount_fen":100000}`, 404, "none", "Idempotency-Key", "a")
	s.do(t, "officer", money+"/drawings", `{"amount_fen":400001}`, 409, "over-limit", "Idempotency-Key", "a")
	s.do(t, "officer", money+"/drawings", `{"amount_fen":300000}`, 201, "", "Idempotency-Key", "b")
	s.do(t, "officer", money+"/drawings", `{"amount_fen":300000}`, 201, "", "Idempotency-Key", "b")
	s.do(t, "officer", money+"/drawings", `{"amount_fen":300001}`, 422, "key-used", "Idempotency-Key", "b")
	s.do(t, "officer", money+"/repayments", `{"amount_fen":300001}`, 409, "over-paid", "Idempotency-Key", "c")
	s.do(t, "officer", money+"/repayments", `{"amount_fen":100000}`, 201, "", "Idempotency-Key", "d")
	v := s.get(t, s.as(t, "auditor"), money)
	if fmt.Sprint(v["outstanding_fen"], v["left_fen"], v["share"], len(v["movements"].([]any))) != "200000 200000 5000 2" { // 3,000 drawn, 1,000 repaid of 4,000: half
		t.Error(v)
	}
	s.do(t, "officer", at+"/acts", `{"act":"close"}`, 409, "outstanding")

	asked := s.do(t, "officer", "/v1/reliefs", fmt.Sprintf(`{"limit":%v,"until":"2025-03-01","why":"the autumn was wet"}`, limit["id"]), 201, "")
	if offer := asked["offer"].(map[string]any); asked["offered_until"] != nil || offer["extension_days"] != 180.0 || !strings.HasPrefix(fmt.Sprint(offer["rule"]), "rule relief: none") { // no notice in the evidence
		t.Error(asked)
	}
	decide := fmt.Sprintf("/v1/reliefs/%v/acts", asked["id"])
	s.do(t, "officer", decide, `{"act":"grant","until":"2025-03-01","why":"he asks for it"}`, 403, "not-your-role")
	s.do(t, "approver", decide, `{"act":"grant","until":"2025-03-01","why":"it was wet"}`, 403, "beyond-policy")
	if v := s.do(t, "risk_manager", decide, `{"act":"grant","until":"2025-02-01","why":"it was wet"}`, 200, ""); v["state"] != "granted" {
		t.Error(v)
	}
	if v := s.get(t, s.as(t, "officer"), money); v["until"] != "2025-02-01" {
		t.Error(v["until"])
	}
	s.sql(t, "UPDATE parus.run SET published = now() - interval '300 days'") // 2024-07-15 + 300 days = 2025-05-11, 99 days after 2025-02-01
	late := s.get(t, s.as(t, "risk_manager"), "/v1/limits?county=341523&overdue=true")["items"].([]any)
	if len(late) != 1 || fmt.Sprint(late[0].(map[string]any)["overdue_days"], late[0].(map[string]any)["default"]) != "99 true" {
		t.Error(late)
	}
	if _, err := s.owner.VerifyAudit(context.Background(), nil); err != nil {
		t.Error(err)
	}
	if log := s.log.String(); strings.Contains(log, "wet") || strings.Contains(log, "13900001234") {
		t.Error("the log holds what people wrote")
	}
}

// bytes is what an address answers, whatever it is.
func (s *service) bytes(t *testing.T, who, path string) (int, string) {
	t.Helper()
	req, err := http.NewRequest("GET", s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.as(t, who))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, b.String()
}

// Above the threshold two approve; a refusal of what the machine admitted takes
// two too, and the grower may have another person look at it.
func TestFourEyesAndHumanReview(t *testing.T) {
	s := newBank(t)
	id := s.applied(t, 0, 600_000)
	at := fmt.Sprintf("/v1/applications/%d/acts", id)
	s.surveyed(t, id)
	s.do(t, "officer2", at, `{"act":"review","amount_fen":600000,"until":"2024-12-01"}`, 200, "")
	if v := s.do(t, "approver", at, `{"act":"approve"}`, 200, "", "Idempotency-Key", "1"); v["state"] != "second" {
		t.Error(v)
	}
	s.do(t, "approver", at, `{"act":"approve"}`, 200, "", "Idempotency-Key", "1") // the same again is no second approval
	s.do(t, "approver", at, `{"act":"approve"}`, 403, "own-work", "Idempotency-Key", "2")
	if v := s.do(t, "approver2", at, `{"act":"approve"}`, 200, ""); v["state"] != "active" {
		t.Error(v)
	}

	id = s.applied(t, 1, 100_000)
	at = fmt.Sprintf("/v1/applications/%d/acts", id)
	s.surveyed(t, id)
	s.do(t, "approver2", at, `{"act":"review","amount_fen":100000,"until":"2024-12-01"}`, 200, "")
	s.do(t, "approver", at, `{"act":"refuse","why":"the lease is not his"}`, 422, "override")
	s.do(t, "approver", at, `{"act":"refuse","why":"the lease is not his","reason_code":"because"}`, 400, "bad-question")
	s.do(t, "approver", at, `{"act":"refuse","why":"the lease is not his","reason_code":"misstated"}`, 200, "")
	s.do(t, "approver", at, `{"act":"refuse","why":"the lease is not his","reason_code":"misstated"}`, 403, "own-work")
	s.do(t, "approver2", at, `{"act":"refuse","why":"the lease is not his","reason_code":"misstated"}`, 403, "own-work") // he reviewed it
	s.do(t, "risk_manager", at, `{"act":"refuse","why":"the lease is not his","reason_code":"misstated"}`, 200, "")
	review := s.do(t, "officer", "/v1/human-reviews", fmt.Sprintf(`{"application":%d,"why":"he says that the lease was renewed"}`, id), 201, "")
	s.do(t, "officer", "/v1/human-reviews", fmt.Sprintf(`{"application":%d,"why":"he asks again"}`, id), 409, "exists")
	s.do(t, "officer", "/v1/human-reviews", `{"why":"of nothing"}`, 400, "bad-question")
	decide := fmt.Sprintf("/v1/human-reviews/%v/acts", review["id"])
	for _, who := range []string{"approver", "approver2", "risk_manager"} { // all of them took part
		s.do(t, who, decide, `{"act":"overturn","why":"the lease is renewed"}`, 403, "own-work")
	}
	if err := s.owner.PutMember(context.Background(), s.id.Issuer, store.Member{Subject: "third", Name: "third", Role: "approver", Counties: []string{"341523"}}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if v := s.do(t, "third", decide, `{"act":"overturn","why":"the lease is renewed"}`, 200, ""); v["state"] != "overturned" {
		t.Error(v)
	}
	if v := s.get(t, s.as(t, "officer2"), fmt.Sprint("/v1/applications/", id)); v["state"] != "review" || fmt.Sprint(v["may"]) != "[review send_back withdraw]" {
		t.Error(v["state"], v["may"])
	}
	over := s.get(t, s.as(t, "auditor"), "/v1/overrides?county=341523")["items"].([]any)
	if len(over) != 1 || fmt.Sprintf("%v %v", over[0].(map[string]any)["second_by"], over[0].(map[string]any)["machine_outcome"]) != "risk_manager admit" {
		t.Error(over)
	}
}
