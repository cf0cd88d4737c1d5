package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/store"
	"github.com/parus-lending/parus/parcels"
)

// Bounds on an import.
const (
	mostUpload    = 256 << 20 // bytes of the body
	mostMap       = 32 << 20  // of GeoJSON and GPX, which are read whole
	mostUnpacked  = 1 << 30   // what a workbook may unpack to
	importSeconds = 10 * time.Minute
	mostImports   = 2 // at once
)

// importRoute may take more and last longer than others.
const importRoute = "POST /v1/imports"

// ImportFile brings a file into the county's store of records.
func (s *server) ImportFile(c *gin.Context, q contract.ImportFileParams) {
	key := deref(q.IdempotencyKey)
	opt, err := s.importOptions(c, q)
	if err == nil && q.IdempotencyKey != nil {
		err = errors.Join(inLength("Idempotency-Key", key, 1, 100), plain("Idempotency-Key", key))
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	control := http.NewResponseController(c.Writer)
	if err := errors.Join(control.SetReadDeadline(time.Now().Add(importSeconds)), control.SetWriteDeadline(time.Now().Add(importSeconds+sendSeconds))); err != nil {
		s.answer(c, nil, fmt.Errorf("give an import its time: %w", err))
		return
	}
	ctx := c.Request.Context()
	up, err := receive(c.Request, opt.Store)
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	defer up.remove()
	i := store.Import{County: q.County, Feed: string(q.Feed), File: filepath.Base(up.path), Size: up.size, SHA256: up.sha256, Question: deref(q.Received) + " " + deref(q.Crs)}
	status := http.StatusCreated
	if key != "" {
		was, err := s.Store.ImportedBefore(ctx, asker(c), key, i)
		if err == nil {
			s.imported(c, http.StatusOK, was, nil)
			return
		}
		if !errors.Is(err, store.ErrNone) {
			s.answer(c, nil, err)
			return
		}
	}
	i, err = s.doImport(ctx, asker(c), key, i, up, opt)
	s.imported(c, status, i, err)
}

// importOptions say where and how a county's files are imported.
func (s *server) importOptions(c *gin.Context, q contract.ImportFileParams) (opt feeds.Options, err error) {
	if !slices.Contains(asker(c).Counties, q.County) {
		return opt, store.ErrNone
	}
	r, ok := s.Records[q.County]
	if opt = r.Options; !ok {
		return opt, fmt.Errorf("%w: the service knows no store of this county's records: parus serve --county county.toml", errNoStore)
	}
	if !q.Feed.Valid() {
		return opt, fmt.Errorf("%w: feed: there are %s (the registry's own tables go in one by one here; parus import takes them at once)", errQuestion, strings.Join(feeds.Names(), ", "))
	}
	today := parcels.DateOf(s.now().In(chinaTime))
	opt.Today, opt.Wait, opt.CRS = today, true, deref(q.Crs)
	if opt.MostUnpacked == 0 {
		opt.MostUnpacked = mostUnpacked
	}
	if q.Received != nil {
		if opt.Received, err = parcels.ParseDate(*q.Received); err != nil || opt.Received.After(today) {
			return opt, fmt.Errorf("%w: received: %q is no day up to today", errQuestion, *q.Received)
		}
	}
	return opt, nil
}

// errNoStore is the answer where a county's records are kept elsewhere; errFile
// marks a file that cannot be read.
var (
	errNoStore = errors.New("nothing can be imported")
	errFile    = errors.New("the file cannot be read")
)

func (s *server) imported(c *gin.Context, status int, i store.Import, err error) {
	if errors.Is(err, errFile) {
		fail(c, http.StatusUnprocessableEntity, "bad-file", errFile.Error(), strings.TrimPrefix(err.Error(), errFile.Error()+": "))
		return
	}
	var answer []byte
	if err == nil {
		answer, err = json.Marshal(i)
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	s.decided(c, status, answer)
}

// doImport imports what was received and keeps what is said of it.
func (s *server) doImport(ctx context.Context, a store.Asker, key string, i store.Import, up *upload, opt feeds.Options) (store.Import, error) {
	select {
	case s.importing <- struct{}{}:
		defer func() { <-s.importing }()
	case <-ctx.Done():
		return i, ctx.Err()
	}
	if err := up.bounded(); err != nil {
		return i, fmt.Errorf("%w: %w", errFile, err)
	}
	done, err := feeds.Import(ctx, i.Feed, up.path, opt)
	var disk *fs.PathError
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return i, ctx.Err()
	case errors.Is(err, syscall.ENOSPC), errors.As(err, &disk):
		return i, err
	default: // the folder that it lay in is nobody's business
		text := strings.ReplaceAll(strings.ReplaceAll(err.Error(), filepath.Dir(up.path)+string(filepath.Separator), ""), opt.Store, "the store")
		return i, fmt.Errorf("%w: %s", errFile, text)
	}
	if i.Rejects, err = keepRejects(opt.Store, done.Rejects); err != nil {
		return i, err
	}
	if i.Report, err = json.Marshal(reportOf(done)); err != nil {
		return i, err
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), mostSeconds) // its rows are in the store: that is kept, whoever has gone
	defer cancel()
	return s.Store.KeepImport(last, a, key, i)
}

// importReport is how good a file was.
type importReport struct {
	Format    string             `json:"format"`
	Rows      int                `json:"rows"`
	Loaded    int                `json:"loaded"`
	Rejected  int                `json:"rejected"`
	New       int                `json:"new"`
	Newer     int                `json:"newer"`
	Unchanged int                `json:"unchanged"`
	Growers   int                `json:"growers"`
	Parcels   int                `json:"parcels"`
	OfRoster  float64            `json:"of_roster"`
	Newest    string             `json:"newest,omitempty"`
	AgeDays   int                `json:"age_days"`
	Ignored   int                `json:"ignored"`
	Missing   map[string]float64 `json:"missing"`
	Notes     []string           `json:"notes"`
}

func reportOf(d *feeds.Imported) importReport {
	r := importReport{Format: d.Format, Rows: d.Rows, Loaded: d.Loaded, Rejected: d.Rejected, New: d.New, Newer: d.Newer, Unchanged: d.Unchanged, Growers: d.Growers, Parcels: d.Parcels,
		OfRoster: d.OfRoster, Newest: d.Newest.String(), AgeDays: d.AgeDays, Ignored: d.Ignored, Missing: map[string]float64{}, Notes: []string{}}
	for name, share := range d.Missing {
		if share > 0 {
			r.Missing[name] = share
		}
	}
	for _, n := range d.Notes {
		r.Notes = append(r.Notes, n.Detail)
	}
	return r
}

func (s *server) ListImports(c *gin.Context, q contract.ListImportsParams) {
	p, err := pageOf(q.Limit, q.Cursor)
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	found, err := s.Store.Imports(c.Request.Context(), asker(c), q.County, p)
	s.answer(c, paged(found, p, func(i store.Import) string { return strconv.FormatInt(i.ID, 10) }), err)
}

func (s *server) GetImport(c *gin.Context, id int64) {
	found, err := s.Store.Import(c.Request.Context(), asker(c), id)
	s.answer(c, found, err)
}
