package store

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// CloseAudit adds the chain's head to a file outside the database, a line a day:
// with it, a log cut off at its end is found out.
func (s *Store) CloseAudit(ctx context.Context, path string, now time.Time) (h Head, err error) {
	if err := s.pool.QueryRow(ctx, "SELECT seq, hash FROM parus.audit_end()").Scan(&h.Seq, &h.Hash); err != nil {
		return h, fmt.Errorf("close the audit log: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return h, fmt.Errorf("close the audit log: %w", err)
	}
	_, err = fmt.Fprintf(f, "%s %d %s\n", now.UTC().Format(time.RFC3339), h.Seq, cmp.Or(h.Hash, "-")) // - = no entry yet
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return h, fmt.Errorf("close the audit log: %w", err)
	}
	return h, nil
}

// ReadHeads reads the lines of CloseAudit's file, and when the last was written;
// none where there is no file yet.
func ReadHeads(path string) (heads []Head, last time.Time, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, last, nil
	}
	if err != nil {
		return nil, last, err
	}
	defer f.Close()
	return parseHeads(f, path)
}

func parseHeads(r io.Reader, path string) (heads []Head, last time.Time, err error) {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if len(f) == 0 {
			continue
		}
		if len(f) != 3 {
			return nil, last, fmt.Errorf("%s:%d: want a time, a number and a hash", path, n)
		}
		if last, err = time.Parse(time.RFC3339, f[0]); err != nil {
			return nil, last, fmt.Errorf("%s:%d: %q is no time", path, n, f[0])
		}
		seq, err := strconv.ParseInt(f[1], 10, 64)
		if seq == 0 && f[2] == "-" {
			f[2] = ""
		}
		if hash, bad := hex.DecodeString(f[2]); err != nil || seq < 0 || bad != nil || len(hash) != sha256.Size && seq > 0 {
			return nil, last, fmt.Errorf("%s:%d: %q is no head of the audit log", path, n, lines.Text())
		}
		heads = append(heads, Head{seq, f[2]})
	}
	return heads, last, lines.Err()
}

// Clock tells the time and waits for it; Until ends early with the context's error.
type Clock interface {
	Now() time.Time
	Until(ctx context.Context, t time.Time) error
}

// again is how long CloseDays waits where a day could not be closed.
const again = time.Minute

// CloseDays closes the audit log at each day's end (00:00 UTC) until the context
// ends, and then a last time; it begins with a close where the file's last line
// is of an earlier day. What fails is said, and tried again. A log that no longer
// holds the file's last line is said too, each time.
func (s *Store) CloseDays(ctx context.Context, path string, clock Clock, say func(error)) {
	last := context.WithoutCancel(ctx)
	try := func(ctx context.Context) bool {
		err := s.closeDay(ctx, path, clock.Now())
		if err != nil {
			say(err)
		}
		return !errors.Is(err, errNotClosed)
	}
	day := func(t time.Time) time.Time { return t.UTC().Truncate(24 * time.Hour) }
	_, closed, err := ReadHeads(path)
	if err != nil {
		say(err)
	}
	next := day(clock.Now())
	if !closed.Before(next) {
		next = next.AddDate(0, 0, 1)
	}
	for {
		if clock.Until(ctx, next) != nil {
			ctx, cancel := context.WithTimeout(last, 10*time.Second)
			defer cancel()
			try(ctx)
			return
		}
		if try(ctx) {
			next = day(clock.Now()).AddDate(0, 0, 1)
		} else {
			next = clock.Now().Add(again)
		}
	}
}

// errNotClosed is a day whose end does not stand in the file yet.
var errNotClosed = errors.New("the day's end is not kept yet")

func (s *Store) closeDay(ctx context.Context, path string, now time.Time) error {
	heads, _, err := ReadHeads(path)
	wrong := ""
	if err == nil && len(heads) > 0 {
		wrong, err = s.missing(ctx, heads[len(heads)-1:])
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errNotClosed, err)
	}
	if _, err := s.CloseAudit(ctx, path, now); err != nil {
		return fmt.Errorf("%w: %w", errNotClosed, err)
	}
	if wrong != "" {
		return fmt.Errorf("%w: %s; run `parus audit verify --heads %s`", errChain, wrong, path)
	}
	return nil
}
