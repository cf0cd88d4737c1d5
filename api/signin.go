package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/gin-gonic/gin"
	"github.com/goccy/go-yaml"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/store"
)

// SignIn is an identity provider whose tokens are taken.
type SignIn struct {
	Issuer   string
	Client   string // whom its tokens must be for
	token    string // where a code is changed for a token
	verifier *oidc.IDTokenVerifier
}

// NewSignIn asks an OIDC provider for its keys. Tokens must be for the client.
func NewSignIn(ctx context.Context, issuer, client string) (SignIn, error) {
	p, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return SignIn{}, fmt.Errorf("identity provider %s: %w", issuer, err)
	}
	return SignIn{issuer, client, p.Endpoint().TokenURL, p.Verifier(&oidc.Config{ClientID: client})}, nil
}

const askerKey = "asker"

// asker is who asks; the zero Asker before he is known.
func asker(c *gin.Context) store.Asker {
	if a, ok := c.Get(askerKey); ok {
		return a.(store.Asker)
	}
	return store.Asker{}
}

const memberKey = "member"

// signIn finds who asks from his bearer token. One whom the provider knows and
// who is no member of the service is a stranger.
func (s *server) signIn(c *gin.Context) {
	if s.open[c.Request.Method+" "+c.FullPath()] {
		return
	}
	token, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	if !ok || token == "" {
		fail(c, http.StatusUnauthorized, "not-signed-in", "sign in first", "send Authorization: Bearer with a token of the identity provider, or a service token")
		return
	}
	m, err := s.member(c.Request.Context(), token)
	switch {
	case errors.Is(err, errToken):
		fail(c, http.StatusUnauthorized, "bad-token", "the token is not valid, or no longer", "sign in again")
	case errors.Is(err, store.ErrStranger):
		fail(c, http.StatusForbidden, "not-a-member", "you are signed in, but nobody has given you a role here", "ask the service's administrator")
	case err != nil:
		s.answer(c, nil, err)
		c.Abort()
	default:
		c.Set(memberKey, m)
		c.Set(askerKey, m.Asker())
	}
}

// errToken is a token that nobody stands behind.
var errToken = errors.New("not a valid token")

func (s *server) member(ctx context.Context, token string) (store.Member, error) {
	if strings.HasPrefix(token, "parus_") {
		m, err := s.Store.MemberWith(ctx, token)
		if errors.Is(err, store.ErrStranger) {
			err = errToken
		}
		return m, err
	}
	t, err := s.verified(ctx, token)
	if err != nil {
		return store.Member{}, err
	}
	return s.Store.MemberOf(ctx, t.issuer, t.subject)
}

// signed is whom a provider's token names, and until when that counts.
type signed struct {
	issuer, subject string
	until           time.Time
}

// A token that was checked counts for checkAgain at most before its signature is
// checked anew, and never beyond its own end.
const (
	checkAgain = 5 * time.Minute
	mostSigned = 8 << 20 // bytes
)

// verified is whom the token names, by a provider's signature. Tokens are known
// by their SHA-256: none is kept.
func (s *server) verified(ctx context.Context, token string) (signed, error) {
	sum := sha256.Sum256([]byte(token))
	if t, ok := s.signed.get(sum); ok && time.Now().Before(t.until) {
		return t, nil
	}
	for _, p := range s.Sign {
		if t, err := p.verifier.Verify(ctx, token); err == nil {
			known := signed{p.Issuer, t.Subject, time.Now().Add(checkAgain)}
			if t.Expiry.Before(known.until) {
				known.until = t.Expiry
			}
			const room = 300 // of the key and the entry
			s.signed.put(sum, known, len(known.issuer)+len(known.subject)+room)
			return known, nil
		}
	}
	return signed{}, errToken
}

// allow denies what the contract does not allow the asker's role.
func (s *server) allow(c *gin.Context) {
	if a := asker(c); !s.open[c.Request.Method+" "+c.FullPath()] && !slices.Contains(s.roles[c.Request.Method+" "+c.FullPath()], a.Role) {
		fail(c, http.StatusForbidden, "not-your-role", "your role may not do this", "you are signed in as "+a.Role)
	}
}

// GetSignIn says where people sign in, to one who has not yet.
func (s *server) GetSignIn(c *gin.Context) {
	if len(s.Sign) == 0 {
		fail(c, http.StatusNotFound, "no-provider", "nobody signs in here", "the service takes service tokens only")
		return
	}
	s.answer(c, contract.SignIn{Issuer: s.Sign[0].Issuer, Client: s.Sign[0].Client}, nil)
}

// rolesOf reads who may do what from the contract, by method and gin's route,
// and what is open to all (security: []).
func rolesOf(contract []byte) (out map[string][]string, open map[string]bool, err error) {
	var doc struct {
		Paths map[string]map[string]struct {
			Roles    []string         `yaml:"x-roles"`
			Security *[]yaml.MapSlice `yaml:"security"`
		} `yaml:"paths"`
	}
	if err := yaml.Unmarshal(contract, &doc); err != nil {
		return nil, nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	out, open = map[string][]string{}, map[string]bool{}
	for path, operations := range doc.Paths {
		route := strings.NewReplacer("{", ":", "}", "").Replace(path)
		for method, o := range operations {
			for _, r := range o.Roles {
				if !slices.Contains(store.Roles, r) {
					return nil, nil, fmt.Errorf("openapi.yaml: %s %s: no role %q", method, path, r)
				}
			}
			key := strings.ToUpper(method) + " " + route
			out[key] = o.Roles
			if o.Security != nil && len(*o.Security) == 0 {
				open[key] = true
			}
		}
	}
	return out, open, nil
}
