package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Requests are counted by route and status, whatever strangers ask for makes no
// new line, nobody's name is in it, and the service itself does not show it.
func TestMetrics(t *testing.T) {
	s := newService(t)
	s.ready(t, 2)
	officer := s.as(t, "officer")
	s.get(t, officer, "/v1/plots/P341523000000")
	s.get(t, officer, "/v1/plots/P341523000001")
	s.ask(t, officer, "GET", "/v1/plots/no-such", "")
	s.ask(t, officer, "POST", "/v1/decisions?preview=true", decideFirst)
	s.ask(t, "", "GET", "/nothing-one", "")
	s.ask(t, "", "BREW", "/nothing-two", "")
	w := httptest.NewRecorder()
	s.count.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	b, err := io.ReadAll(w.Body)
	if err != nil || w.Code != http.StatusOK {
		t.Fatal(w.Code, err)
	}
	text := string(b)
	for _, want := range []string{
		`parus_request_seconds_count{method="GET",route="/v1/plots/:id",status="200"} 2`, `parus_request_seconds_count{method="GET",route="/v1/plots/:id",status="404"} 1`,
		`parus_request_seconds_count{method="",route="none",status="404"} 2`, "\nparus_database_connections_busy 0\n", "\nprocess_resident_memory_bytes ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if !strings.Contains(text, `parus_memory_bytes{kind="county"} `) || strings.Contains(text, `parus_memory_bytes{kind="county"} 0`) {
		t.Error("the county that is kept ready is not counted")
	}
	for _, not := range []string{"nothing", "BREW", "P3415", "g341523"} {
		if strings.Contains(text, not) {
			t.Errorf("it holds %q", not)
		}
	}
	if status, _ := s.ask(t, officer, "GET", "/metrics", ""); status != http.StatusNotFound {
		t.Errorf("the service shows them: %d", status)
	}
}
