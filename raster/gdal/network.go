package gdal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"
)

// network is how servers are spoken to.
type network struct {
	timeout, connect time.Duration
	tries            int
	wait             time.Duration
}

func (o Options) network() network {
	n := network{timeout: o.Timeout, connect: o.ConnectTimeout, tries: o.Tries, wait: o.Wait}
	if n.tries <= 0 {
		n.tries = 4
	}
	if n.wait <= 0 {
		n.wait = 250 * time.Millisecond
	}
	return n
}

// options are GDAL's configuration options, key after value. What the
// environment sets stands unless Options says otherwise. GDAL itself does not
// try again: it could not be interrupted.
func (n network) options() []string {
	out := []string{"GDAL_HTTP_MAX_RETRY", "0", "GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR"}
	for _, o := range []struct {
		key   string
		value time.Duration
		usual int // seconds
	}{{"GDAL_HTTP_TIMEOUT", n.timeout, 60}, {"GDAL_HTTP_CONNECTTIMEOUT", n.connect, 10}} {
		switch {
		case o.value > 0: // whole seconds, at least one
			out = append(out, o.key, strconv.Itoa(max(1, int((o.value+time.Second-1)/time.Second))))
		case os.Getenv(o.key) == "":
			out = append(out, o.key, strconv.Itoa(o.usual))
		}
	}
	return out
}

// final is a failure that no further try will change.
type final struct{ error }

func (f final) Unwrap() error { return f.error }

const longestWait = 30 * time.Second

// try runs do until it succeeds, fails for good, or has been run often enough.
// Each wait is three times as long as the one before, up to longestWait.
func (n network) try(ctx context.Context, do func() error) error {
	wait := n.wait
	for i := 1; ; i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := do()
		var f final
		if err == nil || errors.As(err, &f) {
			return err
		}
		if i >= n.tries {
			return fmt.Errorf("%w (tried %d times)", err, i)
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return fmt.Errorf("%w, while waiting to try again after: %w", ctx.Err(), err)
		case <-t.C:
		}
		wait = min(3*wait, longestWait)
	}
}
