package api_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"io/fs"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/api"
	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/store"
)

// A list of debtors: one good row, a number whose check character is wrong, and a
// word that is neither yes nor no.
const debtors = "id_number,list,listed,day\n" + farmer + ",court,true,2024-07-01\n110105194912310021,court,true,2024-07-01\n" + another + ",tax,maybe,2024-07-01\n"

// withRecords is a service that knows where 341523 keeps its records.
func withRecords(t *testing.T) (*service, string) {
	t.Helper()
	s, folder := newService(t), t.TempDir()
	path := filepath.Join(folder, "identity.key")
	if err := identity.NewKeyFile(path, 7); err != nil {
		t.Fatal(err)
	}
	key, err := identity.LoadKey(path)
	if err != nil {
		t.Fatal(err)
	}
	records := filepath.Join(folder, "records")
	return s.with(t, func(c *api.Config) {
		c.Now = func() time.Time { return time.Date(2024, 8, 1, 12, 0, 0, 0, time.UTC) }
		c.Records = map[string]api.Records{"341523": {Options: feeds.Options{County: "341523", Store: records, Key: key, MostUnpacked: 1 << 20}}}
	}), records
}

func form(t *testing.T, name, content string) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f, err := w.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(f, content)
	w.Close()
	return b.String(), w.FormDataContentType()
}

func (s *service) bring(t *testing.T, role, query, name, content string, header ...string) (int, map[string]any) {
	t.Helper()
	body, kind := form(t, name, content)
	return s.ask(t, s.as(t, role), "POST", "/v1/imports?county=341523&"+query, body, append([]string{"Content-Type", kind}, header...)...)
}

// files are the paths below a folder.
func files(t *testing.T, folder string) (out []string) {
	t.Helper()
	filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(folder, path)
			out = append(out, rel)
		}
		return nil
	})
	return out
}

func TestImportFile(t *testing.T) {
	s, records := withRecords(t)
	status, v := s.bring(t, "clerk", "feed=lists", "失信.csv", debtors, "Idempotency-Key", "k1")
	report := v["report"].(map[string]any)
	if status != 201 || v["imported_by"] != "clerk" || v["file"] != "失信.csv" || report["rows"] != 3.0 || report["loaded"] != 1.0 || report["rejected"] != 2.0 || report["new"] != 1.0 ||
		report["newest"] != "2024-07-01" && report["newest"] != "2024-08-01" || report["missing"].(map[string]any)["day"] != nil {
		t.Fatal(status, v)
	}
	id := fmt.Sprint(v["id"])
	if status, again := s.bring(t, "clerk", "feed=lists", "失信.csv", debtors, "Idempotency-Key", "k1"); status != 200 || again["id"] != v["id"] {
		t.Error(status, again)
	}
	if status, v := s.bring(t, "clerk", "feed=lists", "失信.csv", debtors+" ", "Idempotency-Key", "k1"); status != 422 {
		t.Error(status, v)
	}
	before, err := os.ReadFile(filepath.Join(records, "lists.csv"))
	if err != nil || strings.Count(string(before), "\n") != 2 || strings.Contains(string(before), farmer) {
		t.Fatalf("%s %v", before, err)
	}
	status, v = s.bring(t, "clerk", "feed=lists", "失信.csv", debtors)
	if report := v["report"].(map[string]any); status != 201 || report["new"] != 0.0 || report["unchanged"] != 1.0 {
		t.Error(status, v)
	}
	if after, _ := os.ReadFile(filepath.Join(records, "lists.csv")); !bytes.Equal(before, after) {
		t.Error("the same file again changes the store")
	}

	// Rejects page by page, masked, in both languages; the first import's stay where a later file of the name has others.
	s.bring(t, "clerk", "feed=lists", "失信.csv", strings.Replace(debtors, "maybe", "true", 1))
	officer := s.as(t, "officer")
	_, first := s.ask(t, officer, "GET", "/v1/imports/"+id+"/rejects?limit=1", "")
	_, second := s.ask(t, officer, "GET", "/v1/imports/"+id+"/rejects?limit=1&cursor="+fmt.Sprint(first["next"]), "")
	a, b := first["items"].([]any)[0].(map[string]any), second["items"].([]any)[0].(map[string]any)
	if a["row"] != 3.0 || a["column"] != "id_number" || a["reason"] != "the check character of the ID number is wrong" || a["reason_zh"] != "身份证号校验码错误" || a["advice_zh"] == a["advice"] ||
		b["row"] != 4.0 || b["column"] != "listed" || b["advice"] != "write true or false" || b["advice_zh"] != "请写“是”或“否”" || second["next"] != nil {
		t.Error(first, second)
	}
	for _, cursor := range []string{"3", "abc", "-1", "999999", "0"} {
		if status, _ := s.ask(t, officer, "GET", "/v1/imports/"+id+"/rejects?cursor="+cursor, ""); status != 400 {
			t.Errorf("cursor %s: %d", cursor, status)
		}
	}
	req, _ := http.NewRequest("GET", s.URL+"/v1/imports/"+id+"/rejects.csv", nil)
	req.Header.Set("Authorization", "Bearer "+officer)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][0] != "\ufefffeed" || rows[1][7] != "身份证号校验码错误" || !strings.Contains(res.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%q %v", rows, err)
	}
	_, list := s.ask(t, officer, "GET", "/v1/imports?county=341523", "")
	if items := list["items"].([]any); len(items) != 3 || items[2].(map[string]any)["id"] != v["id"].(float64)-1 {
		t.Error(list)
	}
	for _, number := range []string{farmer, another, "110105194912310021"} {
		if said := inJSON([]any{v, first, second, list}) + string(text) + s.log.String(); strings.Contains(said, number) {
			t.Errorf("%s is said", number)
		}
	}
	if left := strings.Join(files(t, filepath.Join(records, "uploads")), " "); left != "" {
		t.Errorf("%s is left", left)
	}
	if n := s.countAudit(t, "import"); n != 3 {
		t.Errorf("%d entries of the audit log", n)
	}
}

// What may not or cannot be imported changes nothing and leaves nothing.
func TestImportsThatAreRefused(t *testing.T) {
	s, records := withRecords(t)
	s.bring(t, "clerk", "feed=lists", "a.csv", debtors)
	before, _ := os.ReadFile(filepath.Join(records, "lists.csv"))
	var bomb bytes.Buffer
	z := zip.NewWriter(&bomb)
	part, _ := z.Create("xl/worksheets/sheet1.xml")
	part.Write(make([]byte, 3<<20))
	z.Close()
	lie := bytes.Replace(bomb.Bytes(), []byte{0, 0, 0x30, 0}, []byte{0, 0, 1, 0}, -1) // its own headings say 64 KiB
	for name, c := range map[string]struct {
		role, query, file, content string
		want                       int
	}{
		"officer": {"officer", "feed=lists", "a.csv", debtors, 403}, "partner": {"partner", "feed=lists", "a.csv", debtors, 403}, "auditor": {"auditor", "feed=lists", "a.csv", debtors, 403},
		"no such feed": {"clerk", "feed=gossip", "a.csv", debtors, 400}, "registry": {"clerk", "feed=registry", "a.csv", debtors, 400}, "path for a feed": {"clerk", "feed=../lists", "a.csv", debtors, 400},
		"tomorrow": {"clerk", "feed=lists&received=2024-08-03", "a.csv", debtors, 400}, "no day": {"clerk", "feed=lists&received=x", "a.csv", debtors, 400},
		"empty": {"clerk", "feed=lists", "a.csv", "", 422}, "no column": {"clerk", "feed=lists", "a.csv", "a,b\n1,2\n", 422}, "headings alone": {"clerk", "feed=lists", "a.csv", "id_number,list,listed\n", 422},
		"bomb": {"clerk", "feed=lists", "a.xlsx", bomb.String(), 422}, "lying bomb": {"clerk", "feed=lists", "a.xlsx", string(lie), 422}, "half a workbook": {"clerk", "feed=lists", "a.xlsx", bomb.String()[:200], 422},
		"old Excel": {"clerk", "feed=lists", "a.xls", "\xd0\xcf\x11\xe0 old", 422}, "binary": {"clerk", "feed=lists", "a.csv", "\x00\x01\x02\xff\xfe", 422},
		"SQL and paths in cells": {"clerk", "feed=lists", "a.csv", "id_number,list,listed\n' OR 1=1; --,../../x,true\n", 201}, // a bad row like any other
	} {
		status, v := s.bring(t, c.role, c.query, c.file, c.content)
		if status != c.want {
			t.Errorf("%s: %d, want %d: %v", name, status, c.want, v)
		}
		if strings.Contains(inJSON(v), records) {
			t.Errorf("%s: the answer names the folder: %v", name, v)
		}
	}
	clerk := s.as(t, "clerk")
	body, kind := form(t, "a.csv", debtors)
	for name, c := range map[string]struct {
		path, body, kind string
		want             int
	}{
		"another county": {"/v1/imports?county=411622&feed=lists", body, kind, 404}, "no county": {"/v1/imports?feed=lists", body, kind, 400},
		"no form": {"/v1/imports?county=341523&feed=lists", debtors, "text/csv", 400}, "NUL in the name": {"/v1/imports?county=341523&feed=lists", strings.Replace(body, "a.csv", "a\x00b.csv", 1), kind, 400}, "no file": {"/v1/imports?county=341523&feed=lists", "--x--\r\n", "multipart/form-data; boundary=x", 400},
		"cut off": {"/v1/imports?county=341523&feed=lists", body[:len(body)-80], kind, 400},
	} {
		if status, v := s.ask(t, clerk, "POST", c.path, c.body, "Content-Type", c.kind); status != c.want {
			t.Errorf("%s: %d, want %d: %v", name, status, c.want, v)
		}
	}
	if status, _ := s.with(t, func(c *api.Config) { c.Records = nil }).bring(t, "clerk", "feed=lists", "a.csv", debtors); status != 409 {
		t.Error("without a store:", status)
	}
	for _, name := range []string{"../../../outside.csv", `..\..\outside.csv`, "/etc/cron.d/outside.csv", "..", "", strings.Repeat("长", 500) + ".csv"} {
		if status, v := s.bring(t, "clerk", "feed=lists", name, debtors); status != 201 || strings.ContainsAny(v["file"].(string), `/\`) || strings.HasPrefix(v["file"].(string), ".") {
			t.Errorf("%q: %d %v", name, status, v)
		}
	}
	for _, f := range files(t, filepath.Dir(records)) {
		if f != "identity.key" && !strings.HasPrefix(f, "records/") || strings.HasPrefix(f, "records/uploads/") {
			t.Errorf("%s lies about", f)
		}
	}
	if after, _ := os.ReadFile(filepath.Join(records, "lists.csv")); !bytes.Equal(before, after) {
		t.Error("the store has changed")
	}
	if status, _ := s.ask(t, s.as(t, "partner"), "GET", "/v1/imports/1/rejects", ""); status != 403 {
		t.Error("a partner reads rejects")
	}
}

// Two files at once wait for each other; a sender who goes half-way leaves nothing.
func TestImportsAtOnce(t *testing.T) {
	s, records := withRecords(t)
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			content := fmt.Sprintf("county,crop,year,yield_kg_mu\n341523,maize,%d,400\n", 2019+i)
			if status, v := s.bring(t, "clerk", "feed=statistics", fmt.Sprintf("%d.csv", i), content); status != 201 || v["report"].(map[string]any)["new"] != 1.0 {
				t.Error(status, v)
			}
		})
	}
	wait.Wait()
	stored := func() string { b, _ := os.ReadFile(filepath.Join(records, "statistics.csv")); return string(b) }
	whole := stored()
	if strings.Count(whole, "\n") != 5 {
		t.Errorf("%q", whole)
	}
	body, kind := form(t, "half.csv", "county,crop,year,yield_kg_mu\n"+strings.Repeat("341523,rice,2020,500\n", 1000))
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST /v1/imports?county=341523&feed=statistics HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", s.as(t, "clerk"), kind, len(body), body[:len(body)/2])
	inFlight := func() bool { return len(files(t, filepath.Join(records, "uploads"))) > 0 }
	for end := time.Now().Add(10 * time.Second); !inFlight() && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	if !inFlight() {
		t.Error("nothing is being received")
	}
	conn.Close()
	for end := time.Now().Add(10 * time.Second); inFlight() && time.Now().Before(end); {
		time.Sleep(5 * time.Millisecond)
	}
	if inFlight() || stored() != whole {
		t.Error("half a file is left")
	}
}

// Only clerks add imports, in their own name and county; nobody changes one.
func TestImportsAreKeptApart(t *testing.T) {
	s, _ := withRecords(t)
	s.bring(t, "clerk", "feed=lists", "a.csv", debtors)
	ctx := context.Background()
	columns := "INSERT INTO parus.import (county, feed, file, size, sha256, question, report, rejects) VALUES "
	row := "', 'lists', 'f', 1, '" + strings.Repeat("0", 64) + "', '', '{}', '')"
	for _, c := range []struct{ role, county, query string }{
		{"officer", "341523", columns + "('341523" + row}, {"clerk", "341523", columns + "('411622" + row}, {"auditor", "341523", columns + "('341523" + row},
		{"clerk", "341523", "UPDATE parus.import SET report = '{}'"}, {"clerk", "341523", "DELETE FROM parus.import"},
		{"clerk", "341523", strings.Replace(columns+"('341523"+row, "'')", "'../x')", 1)}, {"clerk", "341523", "INSERT INTO parus.import (county, asker) VALUES ('341523', 'x')"},
	} {
		a := store.Asker{ID: "wang", Role: c.role, Counties: []string{c.county}}
		if err := s.owner.As(ctx, a, func(tx pgx.Tx) error { _, err := tx.Exec(ctx, c.query); return err }); err == nil {
			t.Errorf("%s: %s: not refused", c.role, c.query)
		}
	}
	for role, want := range map[string]int{"clerk": 1, "auditor": 1, "partner": 0, "model_owner": 0} {
		found, err := s.owner.Imports(ctx, store.Asker{ID: "x", Role: role, Counties: []string{"341523"}}, "341523", store.Page{Limit: 10})
		if err != nil || len(found) != want {
			t.Errorf("%s: %v %v", role, found, err)
		}
	}
	if found, err := s.owner.Imports(ctx, store.Asker{ID: "x", Role: "clerk", Counties: []string{"411622"}}, "341523", store.Page{Limit: 10}); err != nil || len(found) != 0 {
		t.Errorf("another county: %v %v", found, err)
	}
}

// The contract names all feeds in the order in which they are read.
func TestContractNamesAllFeeds(t *testing.T) {
	for _, feed := range feeds.Names() {
		if !contract.ImportFileParamsFeed(feed).Valid() {
			t.Errorf("%s is not in openapi.yaml", feed)
		}
	}
}
