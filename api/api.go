// Package api is the HTTP service: published runs for officers, portals and
// maps. openapi.yaml is the contract; contract/ is generated from it. Who may
// ask what stands in the contract too (x-roles): what it does not allow is
// denied. The database keeps the counties apart, whatever this package does.
package api

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/parcels"
)

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -config contract/generate.yaml openapi.yaml

//go:embed openapi.yaml
var openAPI []byte

// Config is what a service needs.
type Config struct {
	Store *store.Store  // connected as a role that owns nothing
	Seal  *store.Sealer // of personal data; nil = growers are not shown
	Sign  []SignIn      // identity providers; service tokens are always taken
	Log   *slog.Logger

	Models *models.Registry // nil = those that are shipped
	Heads  string           // file of the audit log's closed days; "" = none is kept

	Metrics  *Metrics  // nil = nothing is counted
	Pictures *Pictures // of scenes; nil = none are drawn

	Identity identity.Key     // of the lender: finds a person by his number; zero = nobody is found so
	Now      func() time.Time // nil = time.Now

	Records map[string]Records // by county; none = no file is imported, and claims of the records are not known
}

func (c Config) now() time.Time {
	if c.Now != nil {
		return c.Now()
	}
	return time.Now()
}

// Bounds on what one request may take.
const (
	mostBody    = 1 << 20 // bytes
	mostSeconds = 20 * time.Second
	pageDefault = 100
	pageMost    = 1000
)

// server answers the operations of the contract.
type server struct {
	Config
	roles map[string][]string // method and route → who may
	open  map[string]bool     // method and route that need no sign-in
	lands *landCache

	counties  once[readyCounty] // by run
	counted   once[statistics]  // by run
	policies  once[*policy]     // by run
	trying    chan struct{}     // holds one simulation
	decisions recent[madeKey, madeDecision]
	ahead     atomic.Int32                      // runs whose growers are being decided
	signed    recent[[sha256.Size]byte, signed] // by the token's hash

	importing chan struct{}         // holds imports
	recorded  once[[]parcels.Claim] // of the counties' records, by their files
}

// New makes the service's handler.
func New(c Config) (http.Handler, error) {
	s := &server{Config: c, lands: newLandCache()}
	s.counties.most, s.counted.most, s.policies.most = mostCounties, mostStatistics, mostPolicies
	s.trying = make(chan struct{}, 1)
	s.decisions.most, s.signed.most = mostDecisions, mostSigned
	s.importing = make(chan struct{}, mostImports)
	s.recorded.most = mostRecorded
	var err error
	if s.roles, s.open, err = rolesOf(openAPI); err != nil {
		return nil, err
	}
	if s.Models == nil {
		if s.Models, err = models.Shipped(); err != nil {
			return nil, err
		}
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Metrics != nil {
		s.Metrics.watch(s)
	}
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.HandleMethodNotAllowed = true
	r.Use(s.record, s.limit)
	r.NoRoute(func(c *gin.Context) { fail(c, http.StatusNotFound, "no-such-page", "no such page", c.Request.URL.Path) })
	r.NoMethod(func(c *gin.Context) {
		fail(c, http.StatusMethodNotAllowed, "wrong-method", "this page does not take "+c.Request.Method, "")
	})
	r.GET("/openapi.yaml", func(c *gin.Context) { c.Data(http.StatusOK, "application/yaml", openAPI) })
	r.GET("/healthz", func(c *gin.Context) { c.String(http.StatusOK, "ok\n") })
	asked := r.Group("", wellFormed, s.signIn, s.allow)
	contract.RegisterHandlersWithOptions(asked, s, contract.GinServerOptions{ErrorHandler: func(c *gin.Context, err error, status int) {
		fail(c, status, "bad-question", "the question does not fit the contract", err.Error())
	}})
	pages, err := s.pages(r)
	if err != nil {
		return nil, err
	}
	for _, route := range r.Routes() {
		if key := route.Method + " " + route.Path; s.roles[key] == nil && !s.open[key] && !open[key] && !pages[key] {
			return nil, fmt.Errorf("%s has no x-roles in openapi.yaml", key)
		}
	}
	s.Store.Follow(s.prepare)
	return r, nil
}

// open are the pages outside the contract that need no sign-in, beside the map's.
var open = map[string]bool{"GET /openapi.yaml": true, "GET /healthz": true}

// limit bounds a request in time and size, and answers a panic with a problem.
func (s *server) limit(c *gin.Context) {
	seconds, bytes := mostSeconds, int64(mostBody)
	if c.Request.Method+" "+c.FullPath() == importRoute {
		seconds, bytes = importSeconds, mostUpload
	}
	ctx, cancel := context.WithTimeout(c.Request.Context(), seconds)
	defer cancel()
	c.Request = c.Request.WithContext(ctx)
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, bytes)
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("panic", "request", c.GetString(requestKey), "what", fmt.Sprint(p))
			if !c.Writer.Written() {
				fail(c, http.StatusInternalServerError, "internal", "the service failed", "it is in the service's log under the number of this request")
			}
			c.Abort()
		}
	}()
	c.Next()
}

// answer writes what was found, or the problem.
func (s *server) answer(c *gin.Context, v any, err error) {
	var tooLong *http.MaxBytesError
	var refused *store.Refusal
	switch {
	case err == nil:
		s.write(c, v)
	case errors.Is(err, store.ErrNone), errors.Is(err, store.ErrNoPerson):
		fail(c, http.StatusNotFound, "none", "there is none that you may see", "")
	case errors.As(err, &refused):
		fail(c, refused.Status, refused.Kind, refused.Message, "")
	case errors.Is(err, store.ErrCursor):
		fail(c, http.StatusBadRequest, "bad-cursor", err.Error(), "begin the list again without a cursor")
	case errors.Is(err, store.ErrPurpose):
		fail(c, http.StatusBadRequest, "no-purpose", err.Error(), "")
	case errors.Is(err, errPolicy):
		fail(c, http.StatusUnprocessableEntity, "policy-refused", "this is no credit policy that could be used", strings.TrimPrefix(err.Error(), errPolicy.Error()+": "))
	case errors.Is(err, errTrying):
		c.Header("Retry-After", "5")
		fail(c, http.StatusServiceUnavailable, "busy", err.Error(), "try again in a few seconds")
	case errors.Is(err, store.ErrMaker):
		fail(c, http.StatusForbidden, "two-persons", err.Error(), "")
	case errors.Is(err, store.ErrJudged), errors.Is(err, store.ErrProposed):
		fail(c, http.StatusConflict, "already", err.Error(), "")
	case errors.Is(err, store.ErrKey):
		fail(c, http.StatusUnprocessableEntity, "key-used", err.Error(), "take a new key for a new question")
	case errors.As(err, &tooLong):
		fail(c, http.StatusRequestEntityTooLarge, "too-large", "the question is too large", fmt.Sprintf("at most %d bytes", tooLong.Limit))
	case errors.Is(err, errNoStore):
		fail(c, http.StatusConflict, "no-store", errNoStore.Error(), strings.TrimPrefix(err.Error(), errNoStore.Error()+": "))
	case errors.Is(err, errQuestion):
		fail(c, http.StatusBadRequest, "bad-question", "the question does not fit the contract", err.Error())
	case errors.Is(err, context.DeadlineExceeded):
		fail(c, http.StatusServiceUnavailable, "too-slow", "the answer took too long", "ask for less, or try again")
	case errors.Is(err, context.Canceled):
		c.AbortWithStatus(499) // the asker has gone
	default:
		s.Log.Error("failed", "request", c.GetString(requestKey), "error", err.Error())
		fail(c, http.StatusInternalServerError, "internal", "the service failed", "it is in the service's log under the number of this request")
	}
}
