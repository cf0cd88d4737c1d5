package gdal

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/parus-lending/parus/raster"
)

// rangeServer serves one file with ranges, spoils what fault says, and counts.
type rangeServer struct {
	*httptest.Server
	body  []byte
	fault func(n int, w http.ResponseWriter, r *http.Request) bool // true: answered

	active     atomic.Int32
	mu         sync.Mutex
	gets, sent int // requests, bytes
	asked      []string
}

func serve(t *testing.T, body []byte) *rangeServer {
	t.Helper()
	s := &rangeServer{body: body}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *rangeServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.active.Add(1)
	defer s.active.Add(-1)
	s.mu.Lock()
	n := s.gets
	s.gets++
	s.asked = append(s.asked, r.Method+" "+r.Header.Get("Range"))
	fault := s.fault
	s.mu.Unlock()
	if fault != nil && fault(n, w, r) {
		return
	}
	c := &counter{ResponseWriter: w}
	http.ServeContent(c, r, "", time.Time{}, strings.NewReader(string(s.body)))
	s.mu.Lock()
	s.sent += int(c.n)
	s.mu.Unlock()
}

// during sets the fault and starts the counts anew.
func (s *rangeServer) during(fault func(n int, w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.gets, s.sent, s.asked = fault, 0, 0, nil
}

func (s *rangeServer) counts() (gets, sent int, asked []string) {
	for s.active.Load() > 0 { // an answer may arrive before its handler has counted it
		time.Sleep(time.Millisecond)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gets, s.sent, s.asked
}

// cut answers with the right length but sends only a part of the body; reset
// ends the connection with an RST, otherwise it is just closed.
func (s *rangeServer) cut(w http.ResponseWriter, r *http.Request, reset bool) {
	var from, to int
	if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-%d", &from, &to); err != nil {
		panic(http.ErrAbortHandler) // a HEAD: the connection ends without an answer
	}
	to = min(to, len(s.body)-1)
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "HTTP/1.1 206 Partial Content\r\nAccept-Ranges: bytes\r\nContent-Range: bytes %d-%d/%d\r\nContent-Length: %d\r\n\r\n", from, to, len(s.body), to-from+1)
	conn.Write(s.body[from : from+(to-from)/2])
	if l, ok := conn.(interface{ SetLinger(int) error }); ok && reset {
		l.SetLinger(0)
	}
}

// onServer is a COG of 3000 × 3000 pixels in blocks of 256.
func onServer(t *testing.T) (g raster.Grid, v []uint16, body []byte) {
	t.Helper()
	g, v = sampleGrid(3000)
	path := filepath.Join(t.TempDir(), "B02.tif")
	if err := WriteCOG(path, g, v, COGOptions{BlockSize: 256}); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return g, v, body
}

// differs says where the pixels of a window are not those of v.
func differs(g raster.Grid, v []uint16, w raster.Window, got []uint16) error {
	for i, x := range got {
		if y := v[(w.Row+i/w.Width)*g.Width+w.Col+i%w.Width]; x != y {
			return fmt.Errorf("window %+v, pixel %d: %d, want %d", w, i, x, y)
		}
	}
	return nil
}

func mustEqual(t *testing.T, g raster.Grid, v []uint16, w raster.Window, got []uint16) {
	t.Helper()
	if err := differs(g, v, w, got); err != nil {
		t.Fatal(err)
	}
}

var fourBlocks = raster.Window{Col: 1300, Row: 1300, Width: 400, Height: 200} // columns 5–6, rows 5 of blocks

// Servers that fail for a while give the same pixels as the file; those that
// fail for good give an error that names the address. Both ways of reading.
func TestServerFaults(t *testing.T) {
	g, v, body := onServer(t)
	status := func(code, times int) func(*rangeServer) func(int, http.ResponseWriter, *http.Request) bool {
		return func(*rangeServer) func(int, http.ResponseWriter, *http.Request) bool {
			return func(n int, w http.ResponseWriter, _ *http.Request) bool {
				if n < times {
					w.WriteHeader(code)
				}
				return n < times
			}
		}
	}
	cut := func(reset bool, times int) func(*rangeServer) func(int, http.ResponseWriter, *http.Request) bool {
		return func(s *rangeServer) func(int, http.ResponseWriter, *http.Request) bool {
			return func(n int, w http.ResponseWriter, r *http.Request) bool {
				if n < times {
					s.cut(w, r, reset)
				}
				return n < times
			}
		}
	}
	slow := func(*rangeServer) func(int, http.ResponseWriter, *http.Request) bool {
		return func(n int, _ http.ResponseWriter, r *http.Request) bool {
			if n == 0 {
				select {
				case <-time.After(4 * time.Second): // longer than the time limit of 1 s
				case <-r.Context().Done():
				}
				return true
			}
			return false
		}
	}
	spoiled := func(s *rangeServer) func(int, http.ResponseWriter, *http.Request) bool {
		return func(n int, w http.ResponseWriter, r *http.Request) bool {
			if n > 0 {
				return false
			}
			bad := append([]byte(nil), s.body...)
			for i := range bad[4096:] { // the header stays
				bad[4096+i] ^= 0x55
			}
			http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(bad)))
			return true
		}
	}
	for _, c := range []struct {
		name  string
		fault func(*rangeServer) func(int, http.ResponseWriter, *http.Request) bool
		right bool
		most  int // requests for the one window
	}{
		{"no fault", status(0, 0), true, 3},
		{"503 three times", status(503, 3), true, 8},
		{"429 twice", status(429, 2), true, 8},
		{"503 for ever", status(503, 1<<30), false, 24},
		{"reset mid-body", cut(true, 1), true, 8},
		{"body cut short twice", cut(false, 2), true, 8},
		{"cut short for ever", cut(false, 1<<30), false, 24},
		{"slow first byte", slow, true, 8},
		{"404 after opening", status(404, 1<<30), false, 6},
		{"403 after opening", status(403, 1<<30), false, 6},
		{"bytes spoiled on the way", spoiled, true, 8},
	} {
		for _, through := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, through GDAL %v", c.name, through), func(t *testing.T) {
				t.Parallel() // they mostly wait
				s := serve(t, body)
				a := raster.Asset{Href: s.URL + "/B02.tif", Grid: g}
				r := Open(Options{Wait: 5 * time.Millisecond, Timeout: time.Second, ThroughGDAL: through})
				defer r.Close()
				if _, err := r.Describe(context.Background(), a); err != nil {
					t.Fatal(err)
				}
				if is := r.open[a.Href].direct != nil; is == through {
					t.Fatalf("read directly: %v", is)
				}
				s.during(c.fault(s))
				dst := make([]uint16, fourBlocks.Width*fourBlocks.Height)
				err := r.Read(context.Background(), a, fourBlocks, dst)
				gets, _, asked := s.counts()
				if gets > c.most {
					t.Errorf("%d requests, at most %d expected: %v", gets, c.most, asked)
				}
				switch {
				case !c.right && (err == nil || !strings.Contains(err.Error(), a.Href)):
					t.Errorf("error %v", err)
				case c.right && err != nil:
					t.Error(err)
				case c.right:
					mustEqual(t, g, v, fourBlocks, dst)
				}
			})
		}
	}
}

// A server that fails while the file is opened: the same.
func TestServerFaultsAtOpening(t *testing.T) {
	g, v, body := onServer(t)
	w := raster.Window{Col: 10, Row: 10, Width: 20, Height: 20}
	for _, c := range []struct {
		name  string
		code  int
		times int
		right bool
		most  int // requests
	}{{"503 twice", 503, 2, true, 10}, {"503 for ever", 503, 1 << 30, false, 10}, {"404", 404, 1 << 30, false, 3}, {"403", 403, 1 << 30, false, 3}} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, body)
			s.during(func(n int, w http.ResponseWriter, _ *http.Request) bool {
				if n < c.times {
					w.WriteHeader(c.code)
				}
				return n < c.times
			})
			r := Open(Options{Wait: 5 * time.Millisecond})
			defer r.Close()
			a := raster.Asset{Href: s.URL + "/B02.tif", Grid: g}
			dst := make([]uint16, 400)
			err := r.Read(context.Background(), a, w, dst)
			if n, _, asked := s.counts(); n > c.most {
				t.Errorf("%d requests, at most %d expected: %v", n, c.most, asked)
			}
			switch {
			case !c.right && (err == nil || !strings.Contains(err.Error(), a.Href)):
				t.Errorf("error %v", err)
			case !c.right && c.code < 500 && !strings.Contains(err.Error(), fmt.Sprint(c.code)):
				t.Errorf("%v does not say %d", err, c.code)
			case c.right && err != nil:
				t.Error(err)
			case c.right:
				mustEqual(t, g, v, w, dst)
			}
		})
	}
}

// A context that ends stops the waiting.
func TestServerAndContext(t *testing.T) {
	g, _, body := onServer(t)
	s := serve(t, body)
	r := Open(Options{Wait: time.Hour})
	defer r.Close()
	a := raster.Asset{Href: s.URL + "/B02.tif", Grid: g}
	if _, err := r.Describe(context.Background(), a); err != nil {
		t.Fatal(err)
	}
	s.during(func(_ int, w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(503); return true })
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err := r.Read(ctx, a, fourBlocks, make([]uint16, fourBlocks.Width*fourBlocks.Height))
	if err == nil || ctx.Err() == nil || !strings.Contains(err.Error(), context.DeadlineExceeded.Error()) {
		t.Errorf("%v", err)
	}
}

// Only the blocks that a window touches are asked for, those of one row of
// blocks in one request, and BytesRead says how much that was.
func TestBytesFromServer(t *testing.T) {
	g, v, body := onServer(t)
	s := serve(t, body)
	r := Open(Options{})
	defer r.Close()
	a := raster.Asset{Href: s.URL + "/B02.tif", Grid: g}
	if _, err := r.Describe(context.Background(), a); err != nil {
		t.Fatal(err)
	}
	if _, sent, asked := s.counts(); sent > 64<<10 {
		t.Errorf("%d bytes sent to open the file: %v", sent, asked)
	}
	for _, w := range []raster.Window{fourBlocks, {Col: 512, Row: 2304, Width: 256, Height: 256}, {Col: 2900, Row: 2900, Width: 100, Height: 100}} {
		s.during(nil)
		before := r.BytesRead()
		dst := make([]uint16, w.Width*w.Height)
		if err := r.Read(context.Background(), a, w, dst); err != nil {
			t.Fatal(err)
		}
		mustEqual(t, g, v, w, dst)
		img := r.open[a.Href].direct.img
		blocks := int64(0)
		for row := w.Row / 256; row <= (w.Row+w.Height-1)/256; row++ {
			for col := w.Col / 256; col <= (w.Col+w.Width-1)/256; col++ {
				_, n := img.Block(0, col, row)
				blocks += n
			}
		}
		gets, sent, asked := s.counts()
		if gets != 1 || int64(sent) < blocks || int64(sent) > blocks+64<<10 {
			t.Errorf("%+v: %d requests, %d bytes sent for blocks of %d: %v", w, gets, sent, blocks, asked)
		}
		if n := r.BytesRead() - before; n < blocks || n > blocks+16<<10 {
			t.Errorf("%+v: BytesRead grew by %d for blocks of %d", w, n, blocks)
		}
	}
}
