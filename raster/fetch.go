package raster

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// httpTries is how often a request is tried before it is given up.
const httpTries = 4

func (c *catalogReader) get(href string) ([]byte, error) {
	if !isURL(href) {
		return os.ReadFile(href)
	}
	res, err := c.request(http.MethodGet, href)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	return io.ReadAll(io.LimitReader(res.Body, 64<<20))
}

// request tries again on resets and 5xx, a little later each time.
func (c *catalogReader) request(method, href string) (*http.Response, error) {
	var last error
	for try := range httpTries {
		if try > 0 {
			select {
			case <-time.After(time.Duration(200<<try) * time.Millisecond):
			case <-c.ctx.Done():
				return nil, c.ctx.Err()
			}
		}
		req, err := http.NewRequestWithContext(c.ctx, method, href, nil)
		if err != nil {
			return nil, err
		}
		res, err := c.opt.Client.Do(req)
		switch {
		case err != nil:
			last = err
		case res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests:
			res.Body.Close()
			last = fmt.Errorf("%s %s: %s", method, href, res.Status)
		case res.StatusCode >= 400:
			res.Body.Close()
			return nil, fmt.Errorf("%s %s: %s", method, href, res.Status)
		default:
			return res, nil
		}
	}
	return nil, fmt.Errorf("%w (tried %d times)", last, httpTries)
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
	res, err := c.request(http.MethodHead, a.Href)
	if err != nil {
		return a, &Warning{"missing_file", id + " " + string(b), err.Error()}
	}
	res.Body.Close()
	if res.ContentLength > 0 {
		a.Size = res.ContentLength
	}
	a.ETag = res.Header.Get("ETag")
	if a.ETag == "" {
		a.ModTime = res.Header.Get("Last-Modified")
	}
	return a, nil
}
