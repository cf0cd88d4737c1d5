package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Bounds on a connection: a slow or silent peer costs no more than these.
const (
	headSeconds = 5 * time.Second
	bodySeconds = 30 * time.Second
	sendSeconds = 60 * time.Second
	idleSeconds = 2 * time.Minute
	endSeconds  = 20 * time.Second
	mostHead    = 32 << 10 // bytes
)

// NewServer bounds what a peer may take of the handler's server.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: headSeconds, ReadTimeout: bodySeconds, WriteTimeout: sendSeconds, IdleTimeout: idleSeconds, MaxHeaderBytes: mostHead}
}

// Serve answers on the listener until the context ends, then lets requests in
// progress finish.
func Serve(ctx context.Context, l net.Listener, srv *http.Server) error {
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), endSeconds)
		defer cancel()
		ended <- srv.Shutdown(last)
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}
