package api_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/parus-lending/parus/api/devid"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/scoring"
)

// Every operation by every role: what the contract gives is answered, all else
// is denied; here the wanted table is written out, not read from the contract.
func TestRoles(t *testing.T) {
	s := newService(t)
	may := map[string]string{
		"GET /v1/me":                                      "clerk officer approver risk_manager model_owner auditor partner",
		"GET /v1/counties":                                "clerk officer approver risk_manager model_owner auditor partner",
		"GET /v1/runs?county=341523":                      "clerk officer approver risk_manager model_owner auditor partner",
		"GET /v1/colleagues?county=341523":                "clerk officer approver risk_manager auditor",
		"GET /v1/places?county=341523":                    "clerk officer approver risk_manager model_owner auditor partner",
		"GET /v1/statistics?county=341523":                "clerk officer approver risk_manager model_owner auditor partner",
		"GET /v1/parcels?county=341523":                   "clerk officer approver risk_manager auditor",
		"GET /v1/parcels/3415230000000000002":             "clerk officer approver risk_manager auditor",
		"GET /v1/plots/P341523000000":                     "clerk officer approver risk_manager auditor",
		"GET /v1/plots/P341523000000/series":              "clerk officer approver risk_manager auditor",
		"GET /v1/findings?county=341523":                  "clerk officer approver risk_manager auditor",
		"GET /v1/decisions?county=341523":                 "officer approver risk_manager auditor",
		"GET /v1/decisions/d341523-1":                     "officer approver risk_manager auditor",
		"POST /v1/decisions?preview=true":                 "officer approver risk_manager",
		"GET /v1/models?county=341523":                    "clerk officer approver risk_manager model_owner auditor partner",
		"GET /v1/credit-policies?county=341523":           "officer approver risk_manager model_owner auditor",
		"POST /v1/credit-policies/simulate":               "approver risk_manager",
		"GET /v1/audit":                                   "auditor",
		"GET /v1/audit/unmaskings":                        "auditor",
		"GET /v1/audit/verify":                            "auditor",
		"POST /v1/growers/search":                         "clerk officer approver risk_manager",
		"POST /v1/growers/g341523-0/unmask?county=341523": "clerk officer approver risk_manager",
	}
	simulate, err := json.Marshal(map[string]string{"county": "341523", "text": string(scoring.DefaultCreditPolicy())})
	if err != nil {
		t.Fatal(err)
	}
	body := map[string]string{"POST /v1/credit-policies/simulate": string(simulate), "POST /v1/decisions?preview=true": `{"county":"341523","grower_id":"g341523-0"}`, "POST /v1/growers/search": `{"text":"x"}`, "POST /v1/growers/g341523-0/unmask?county=341523": `{"purpose":"why I look"}`}
	for call, roles := range may {
		method, path, _ := strings.Cut(call, " ")
		for _, role := range store.Roles {
			want := http.StatusForbidden
			if strings.Contains(" "+roles+" ", " "+role+" ") {
				want = http.StatusOK
			}
			if status, v := s.ask(t, s.as(t, role), method, path, body[call]); status != want {
				t.Errorf("%s as %s: %d, want %d: %v", call, role, status, want, v)
			}
		}
		if status, _ := s.ask(t, "", method, path, body[call]); status != http.StatusUnauthorized {
			t.Errorf("%s by nobody: %d", call, status)
		}
	}
}

// Tokens that are forged, of another provider, for another client, ended, cut or
// empty of a signature open nothing; nor does one who was never admitted.
func TestForgedTokens(t *testing.T) {
	s := newService(t)
	good := s.as(t, "officer")
	parts := strings.Split(good, ".")
	late, err := s.id.Token("officer", "", time.Now().Add(-time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	other, err := devid.New(s.id.Issuer, "parus", "", nil) // the same names, another key
	if err != nil {
		t.Fatal(err)
	}
	forged, err := other.Token("officer", "", time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{"iss": s.id.Issuer, "sub": "officer", "aud": "parus", "exp": time.Now().Add(time.Hour).Unix()}
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + parts[1] + "."
	hmac, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(strings.Repeat("k", 32))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	symmetric, err := jwt.Signed(hmac).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	own, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{EmbedJWK: true}).WithType("JWT"))
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := jwt.Signed(own).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	s.id.Client = "another"
	elsewhere, err := s.id.Token("officer", "", time.Now().Add(time.Hour))
	s.id.Client = "parus"
	if err != nil {
		t.Fatal(err)
	}
	changed := parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf(`{"iss":%q,"sub":"approver","aud":"parus","exp":%d}`, s.id.Issuer, time.Now().Add(time.Hour).Unix()))) + "." + parts[2]
	for what, token := range map[string]string{"ended": late, "another key": forged, "no signature": none, "HMAC": symmetric, "its own key inside": embedded, "another client": elsewhere,
		"changed": changed, "cut": good[:len(good)-4], "text": "x", "service token": "parus_AAAAAAAAAAAAAAAAAAAAAAAAAA", "parts": "..", "SQL": "parus_' OR true --"} {
		if status, v := s.ask(t, token, "GET", "/v1/me", ""); status != http.StatusUnauthorized {
			t.Errorf("%s: %d %v", what, status, v)
		}
	}
	if status, _ := s.ask(t, s.as(t, "stranger"), "GET", "/v1/me", ""); status != http.StatusForbidden {
		t.Errorf("one who was never admitted: %d", status)
	}
	// A role is taken away: the token that still holds opens nothing.
	if err := s.owner.PutMember(context.Background(), s.id.Issuer, store.Member{Subject: "officer", Role: "officer"}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if status, _ := s.ask(t, good, "GET", "/v1/me", ""); status != http.StatusForbidden {
		t.Errorf("after the role was taken away: %d", status)
	}
}

// Another county's rows are not there, by whatever name one asks for them, and
// the answer is the same as for what does not exist.
func TestAnotherCountysData(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	_, mine := s.ask(t, officer, "GET", "/v1/runs?county=341523", "")
	run := int(mine["list"].([]any)[0].(map[string]any)["id"].(float64))
	for _, path := range []string{
		"/v1/parcels/4116220000000000001", "/v1/plots/P411622000001", "/v1/plots/P411622000001/series", "/v1/decisions/d411622-1", "/v1/statistics?county=411622", "/v1/places?county=411622",
		"/v1/parcels?county=411622", "/v1/decisions?county=411622", "/v1/findings?county=411622",
		fmt.Sprintf("/v1/parcels?county=411622&run=%d", run), fmt.Sprintf("/v1/parcels?county=341523&run=%d", 3-run), fmt.Sprintf("/v1/decisions/d411622-1?run=%d", run), "/v1/decisions/d000000-1",
	} {
		status, v := s.ask(t, officer, "GET", path, "")
		if status != http.StatusNotFound || v["title"] != "there is none that you may see" {
			t.Errorf("%s: %d %v", path, status, v)
		}
	}
	if status, v := s.ask(t, officer, "GET", "/v1/runs?county=411622", ""); status != 200 || len(v["list"].([]any)) != 0 {
		t.Error(status, v)
	}
	if status, v := s.ask(t, officer, "POST", "/v1/growers/g341523-0/unmask?county=411622", `{"purpose":"to look around"}`); status != http.StatusNotFound {
		t.Error(status, v)
	}
}

// SQL and paths in every place where text is taken are only text.
func TestInjection(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	for _, evil := range []string{"'; DROP SCHEMA parus CASCADE; --", "' OR '1'='1", `\'; SELECT pg_sleep(5); --`, "../../etc/passwd", "%2e%2e%2fsecret", "\x00", "g341523-0' UNION SELECT sealed FROM parus.person --", "{{7*7}}", "$1", strings.Repeat("x", 101)} {
		q, p := url.QueryEscape(evil), url.PathEscape(evil)
		for _, path := range []string{"/v1/parcels/" + p, "/v1/plots/" + p, "/v1/plots/" + p + "/series", "/v1/decisions/" + p, "/v1/runs?county=" + q, "/v1/parcels?county=341523&grower_id=" + q,
			"/v1/parcels?county=341523&cursor=" + q, "/v1/parcels?county=341523&bbox=" + q, "/v1/parcels?county=341523&run=" + q, "/v1/findings?county=341523&cursor=" + q, "/v1/decisions?county=341523&outcome=" + q} {
			began := time.Now()
			status, v := s.ask(t, officer, "GET", path, "")
			if items, _ := v["items"].([]any); status >= 500 || len(items) > 0 && !strings.Contains(path, "cursor") || time.Since(began) > 4*time.Second {
				t.Errorf("%s: %d %v", path, status, v)
			}
		}
	}
	if n := len(s.get(t, officer, "/v1/parcels?county=341523")["items"].([]any)); n != 9 {
		t.Errorf("%d parcels are left", n)
	}
}

// Bodies that are too large, malformed or never end cost the service nothing.
func TestOversizeAndBrokenBodies(t *testing.T) {
	s := newService(t)
	officer := s.as(t, "officer")
	for body, want := range map[string]int{
		`{"text":"` + strings.Repeat("x", 2<<20) + `"}`: http.StatusRequestEntityTooLarge,
		`{"text":"x","more":1}`:                         http.StatusBadRequest,
		`{"text":"x"}{"text":"y"}`:                      http.StatusBadRequest,
		`{"text":`:                                      http.StatusBadRequest,
		``:                                              http.StatusBadRequest,
		`[]`:                                            http.StatusBadRequest,
		`{"text":""}`:                                   http.StatusBadRequest,
		`{"text":"` + strings.Repeat("x", 101) + `"}`: http.StatusBadRequest,
		strings.Repeat("[", 100_000):                  http.StatusBadRequest,
	} {
		if status, v := s.ask(t, officer, "POST", "/v1/growers/search", body); status != want {
			t.Errorf("%.40s: %d, want %d: %v", body, status, want, v)
		}
	}
	for path, want := range map[string]int{"/v1/nothing": 404, "/v1/parcels?county=34": 400, "/v1/parcels": 400, "/v1/parcels?county=341523&limit=0": 400, "/v1/parcels?county=341523&limit=1001": 400,
		"/v1/parcels?county=341523&limit=x": 400, "/v1/parcels?county=341523&bbox=1,2,3": 400, "/v1/parcels?county=341523&bbox=9,2,3,4": 400, "/v1/parcels?county=341523&bbox=NaN,2,3,4": 400,
		"/v1/decisions?county=341523&outcome=maybe": 400} {
		if status, v := s.ask(t, officer, "GET", path, ""); status != want {
			t.Errorf("%s: %d, want %d: %v", path, status, want, v)
		}
	}
	if status, _ := s.ask(t, officer, "DELETE", "/v1/me", ""); status != http.StatusMethodNotAllowed {
		t.Error(status)
	}
	// A body that comes a byte at a time is cut off by the server that Serve makes,
	// see serve_test.go; here it must at least not hold others up.
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "POST /v1/growers/search HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+officer+"\r\nContent-Length: 1000\r\n\r\n{")
	s.get(t, officer, "/v1/me")
}
