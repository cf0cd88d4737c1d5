package api_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/api"
)

// A peer that sends its head or its body too slowly is cut off, one that sends a
// huge head is refused, and a request in progress is answered while the server ends.
func TestSlowAndLargePeers(t *testing.T) {
	begun, go_ := make(chan struct{}), make(chan struct{})
	srv := api.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/long" {
			close(begun)
			<-go_
		}
		n, err := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n, err)
	}))
	if srv.ReadHeaderTimeout <= 0 || srv.ReadTimeout <= 0 || srv.WriteTimeout <= 0 || srv.IdleTimeout <= 0 {
		t.Fatal("a bound is missing")
	}
	srv.ReadHeaderTimeout, srv.ReadTimeout = 200*time.Millisecond, 400*time.Millisecond
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- api.Serve(ctx, l, srv) }()

	for what, head := range map[string]string{"head": "GET / HTTP/1.1\r\nHo", "body": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nab",
		"large head": "GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("a", 100_000) + "\r\n\r\n"} {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		go io.WriteString(conn, head)
		conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		text, err := io.ReadAll(bufio.NewReader(conn))
		if ne, ok := err.(net.Error); ok && ne.Timeout() {
			t.Errorf("%s: the connection stays open", what)
		}
		if what == "large head" && len(text) > 0 && !strings.Contains(string(text), "431") {
			t.Errorf("%s: %.60s", what, text)
		}
		conn.Close()
	}

	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + l.Addr().String() + "/long")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		answer <- string(b)
	}()
	<-begun
	stop()
	time.Sleep(50 * time.Millisecond)
	close(go_)
	if got := <-answer; got != "0 <nil>" {
		t.Errorf("a request in progress at the end: %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
