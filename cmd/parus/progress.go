package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/parus-lending/parus/data/rundir"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows bars on a terminal, else a line per stage, as text or JSON.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	log   *slog.Logger
	bar   *progressbar.ProgressBar
	stage string
	total int
	done  int
	since time.Time
	warns int
	shown int    // how many warnings are printed while running
	rest  string // where all of them stand
}

// shownWarnings is how many warnings a season prints while running; all stand
// in run.json and the report.
const shownWarnings = 8

func newProgress(w *os.File, format string) *progress {
	p := &progress{w: w, shown: shownWarnings, rest: "see the report or run.json"}
	switch {
	case format == "json":
		p.log = slog.New(slog.NewJSONHandler(w, nil))
	case !term.IsTerminal(int(w.Fd())):
		p.log = slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
				return slog.Attr{}
			}
			return a
		}}))
	}
	return p
}

func (p *progress) Stage(name string, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish()
	p.stage, p.total, p.done, p.since = name, total, 0, time.Now()
	if p.log == nil {
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(fmt.Sprintf("%-14s", name)),
			progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionSetPredictTime(true), progressbar.OptionUseANSICodes(true))
	}
}

func (p *progress) Step() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if p.bar != nil {
		p.bar.Add(1)
	}
}

func (p *progress) Warn(w rundir.Warning) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.warns++
	if p.log != nil {
		if p.warns <= p.shown {
			p.log.Warn("warning", "code", w.Code, "subject", w.Subject, "detail", w.Detail)
		}
		return
	}
	if p.warns <= p.shown {
		fmt.Fprintf(p.w, "\r\x1b[K! %s %s: %s\n", w.Code, w.Subject, w.Detail)
	}
}

// finish closes the stage that runs; the lock is held.
func (p *progress) finish() {
	if p.stage == "" {
		return
	}
	if p.log != nil {
		total := max(p.total, p.done) // −1 = not known before
		p.log.Info("stage", "name", p.stage, "steps", p.done, "of", total, "seconds", time.Since(p.since).Round(10*time.Millisecond).Seconds())
		return
	}
	p.bar.Finish()
	fmt.Fprintln(p.w)
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish()
	p.stage = ""
	if more := p.warns - p.shown; more > 0 {
		fmt.Fprintf(p.w, "… and %d more warnings: %s\n", more, p.rest)
	}
}
