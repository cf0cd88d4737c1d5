// Package devid is an identity provider for `parus demo` and for tests: OIDC
// with an authorization code and PKCE, and a page on which one picks whom to be.
// It knows no passwords and must never stand where others can reach it.
package devid

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Person is one whom a visitor may be.
type Person struct{ Subject, Name, About string }

// lifetime is how long a token holds; a code holds for a minute.
const (
	lifetime     = 8 * time.Hour
	codeLifetime = time.Minute
)

// Provider is the identity provider at Issuer.
type Provider struct {
	Issuer string // its address, without a slash at the end
	Client string // whom tokens are for
	Back   string // the one address to which codes are sent
	People []Person

	key    *ecdsa.PrivateKey
	signer jose.Signer
	mu     sync.Mutex
	codes  map[string]grant
}

type grant struct {
	subject, nonce, challenge string
	until                     time.Time
}

const keyID = "parus-demo"

// New makes a provider with a key of its own, which lasts as long as it does.
func New(issuer, client, back string, people []Person) (*Provider, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", keyID))
	if err != nil {
		return nil, err
	}
	return &Provider{Issuer: issuer, Client: client, Back: back, People: people, key: key, signer: signer, codes: map[string]grant{}}, nil
}

// Token signs a person in, without the page.
func (p *Provider) Token(subject, nonce string, until time.Time) (string, error) {
	return jwt.Signed(p.signer).Claims(map[string]any{"iss": p.Issuer, "sub": subject, "aud": p.Client, "iat": time.Now().Unix(), "exp": until.Unix(), "nonce": nonce}).Serialize()
}

// ServeHTTP answers what OIDC asks of a provider.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	issuer, err := url.Parse(p.Issuer)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	switch r.Method + " " + r.URL.Path[min(len(issuer.Path), len(r.URL.Path)):] {
	case "GET /.well-known/openid-configuration":
		reply(w, map[string]any{"issuer": p.Issuer, "authorization_endpoint": p.Issuer + "/authorize", "token_endpoint": p.Issuer + "/token", "jwks_uri": p.Issuer + "/keys",
			"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"ES256"},
			"code_challenge_methods_supported": []string{"S256"}})
	case "GET /keys":
		reply(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: keyID, Algorithm: "ES256", Use: "sig"}}})
	case "GET /authorize":
		p.authorize(w, r)
	case "POST /token":
		p.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(v)
}

var page = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Parus: sign in</title>
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}a{display:block;padding:.7rem 1rem;margin:.5rem 0;border:1px solid #767676;border-radius:.4rem;color:inherit;text-decoration:none}a:hover,a:focus{background:#eef4ee}small{color:#595959}</style>
<main><h1>Who are you today? 今天您是谁？</h1><p>This is a demonstration: there are no passwords.</p>{{range .}}<a href="{{.Href}}"><b>{{.Name}}</b><br><small>{{.About}}</small></a>{{end}}</main></html>`))

// authorize shows who one may be and, once one has chosen, sends the code back.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if q.Get("client_id") != p.Client || q.Get("redirect_uri") != p.Back || q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" {
		http.Error(w, "this sign-in was not begun by Parus: open its own address", http.StatusBadRequest)
		return
	}
	if as := q.Get("as"); as != "" {
		if !slices.ContainsFunc(p.People, func(x Person) bool { return x.Subject == as }) {
			http.Error(w, "nobody here is called that", http.StatusBadRequest)
			return
		}
		code := rand.Text()
		p.mu.Lock()
		for k, g := range p.codes {
			if time.Now().After(g.until) {
				delete(p.codes, k)
			}
		}
		p.codes[code] = grant{as, q.Get("nonce"), q.Get("code_challenge"), time.Now().Add(codeLifetime)}
		p.mu.Unlock()
		http.Redirect(w, r, p.Back+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
		return
	}
	type choice struct {
		Person
		Href string
	}
	var choices []choice
	for _, x := range p.People {
		q.Set("as", x.Subject)
		choices = append(choices, choice{x, "?" + q.Encode()})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	page.Execute(w, choices)
}

// token takes a code once, from whoever began the sign-in.
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	g, ok := p.codes[r.FormValue("code")]
	delete(p.codes, r.FormValue("code"))
	p.mu.Unlock()
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !ok || time.Now().After(g.until) || r.FormValue("grant_type") != "authorization_code" || base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge {
		w.WriteHeader(http.StatusBadRequest)
		reply(w, map[string]string{"error": "invalid_grant"})
		return
	}
	token, err := p.Token(g.subject, g.nonce, time.Now().Add(lifetime))
	if err != nil {
		http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
		return
	}
	reply(w, map[string]any{"id_token": token, "access_token": token, "token_type": "Bearer", "expires_in": int(lifetime.Seconds())})
}
