package raster

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// httpTries is how often a request is tried before it is given up.
const httpTries = 4

// maxRetryAfter is the longest a server may ask to wait before the next try.
const maxRetryAfter = 2 * time.Minute

// maxDocument is the largest JSON document read, in bytes.
const maxDocument = 64 << 20

func (c *catalogReader) get(href string) ([]byte, error) {
	if !isURL(href) {
		return os.ReadFile(href)
	}
	b, _, err := c.fetch(http.MethodGet, href, nil)
	return b, err
}

// statusError is an answer that trying again will not change.
type statusError struct {
	code int
	text string
}

func (e *statusError) Error() string { return e.text }

// fetch asks for a document, with a JSON body where there is one. It tries again
// on resets, bodies cut short, 429 and 5xx, a little later each time or when the
// server says (Retry-After).
func (c *catalogReader) fetch(method, href string, body []byte) ([]byte, http.Header, error) {
	if !strings.HasPrefix(href, "http://") && !strings.HasPrefix(href, "https://") {
		return nil, nil, fmt.Errorf("%s is no http(s) address: a catalog is read from disk or http(s) (a bucket's catalog by its https address); only its assets may be s3://", href)
	}
	var last error
	var wait time.Duration
	for try := range httpTries {
		if try > 0 {
			select {
			case <-time.After(max(wait, time.Duration(200<<try)*time.Millisecond)):
			case <-c.ctx.Done():
				return nil, nil, c.ctx.Err()
			}
		}
		req, err := http.NewRequestWithContext(c.ctx, method, href, bytes.NewReader(body))
		if err != nil {
			return nil, nil, err
		}
		req.Header.Set("Accept", "application/geo+json, application/json, */*;q=0.5")
		if body != nil {
			req.Header.Set("Content-Type", "application/json")
		}
		res, err := c.opt.Client.Do(req)
		if err != nil {
			last, wait = err, 0
			continue
		}
		b, err := io.ReadAll(io.LimitReader(res.Body, maxDocument+1))
		res.Body.Close()
		switch {
		case res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests:
			last, wait = fmt.Errorf("%s %s: %s", method, href, res.Status), retryAfter(res.Header, time.Now())
		case res.StatusCode >= 400:
			return nil, nil, &statusError{res.StatusCode, fmt.Sprintf("%s %s: %s%s", method, href, res.Status, excerpt(b))}
		case err != nil:
			last, wait = fmt.Errorf("%s %s: %w", method, href, err), 0
		case len(b) > maxDocument:
			return nil, nil, fmt.Errorf("%s %s: the answer is larger than %d MB", method, href, maxDocument>>20)
		default:
			return b, withLength(res), nil
		}
	}
	return nil, nil, fmt.Errorf("%w (tried %d times)", last, httpTries)
}

// withLength is the header of an answer, its Content-Length filled in.
func withLength(res *http.Response) http.Header {
	h := res.Header.Clone()
	if res.ContentLength > 0 {
		h.Set("Content-Length", strconv.FormatInt(res.ContentLength, 10))
	}
	return h
}

// excerpt of a server's explanation.
func excerpt(b []byte) string {
	s := strings.Join(strings.Fields(string(b[:min(len(b), 300)])), " ")
	if s == "" {
		return ""
	}
	return ": " + strings.ToValidUTF8(s, "")
}

// retryAfter is how long a server asks to wait: seconds or a date (RFC 9110,
// 10.2.3); 0 where it does not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	wait := time.Duration(0)
	if s, err := strconv.Atoi(v); err == nil {
		wait = time.Duration(min(max(s, 0), int(maxRetryAfter/time.Second))) * time.Second
	} else if t, err := http.ParseTime(v); err == nil {
		wait = t.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}

// probe fills what identifies each asset's content. A file that is not there is
// a warning; reading its band will say so again, and the rest goes on.
func (c *catalogReader) probe(scenes []Scene) {
	type result struct {
		asset Asset
		warn  *Warning
	}
	var g errgroup.Group
	g.SetLimit(8)
	for i := range scenes {
		s := &scenes[i]
		found := make([]result, len(sentinelNames))
		for k, b := range sentinelNames {
			a, ok := s.Assets[b]
			if !ok {
				continue
			}
			if !isURL(a.Href) {
				found[k].asset, found[k].warn = probeFile(s.ID, b, a)
				continue
			}
			g.Go(func() error {
				found[k].asset, found[k].warn = c.probeURL(s.ID, b, a)
				return nil
			})
		}
		g.Wait()
		for k, b := range sentinelNames {
			if _, ok := s.Assets[b]; ok {
				s.Assets[b] = found[k].asset
			}
			if w := found[k].warn; w != nil {
				c.warns = append(c.warns, *w)
			}
		}
	}
}

func probeFile(id string, b Band, a Asset) (Asset, *Warning) {
	st, err := os.Stat(a.Href)
	if err != nil {
		return a, &Warning{"missing_file", id + " " + string(b), err.Error()}
	}
	a.Size, a.ModTime = st.Size(), st.ModTime().UTC().Format(time.RFC3339Nano)
	return a, nil
}

func (c *catalogReader) probeURL(id string, b Band, a Asset) (Asset, *Warning) {
	if !strings.HasPrefix(a.Href, "http") || a.Checksum != "" && a.Size > 0 {
		return a, nil
	}
	_, h, err := c.fetch(http.MethodHead, a.Href, nil)
	if err != nil {
		return a, &Warning{"missing_file", id + " " + string(b), err.Error()}
	}
	if n, err := strconv.ParseInt(h.Get("Content-Length"), 10, 64); err == nil && n > 0 {
		a.Size = n
	}
	a.ETag = h.Get("ETag")
	if a.ETag == "" {
		a.ModTime = h.Get("Last-Modified")
	}
	return a, nil
}
