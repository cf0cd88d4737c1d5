// Package cluster runs a private PostgreSQL server with PostGIS in a folder:
// for `parus demo` and for tests. It listens on this machine alone, on a free
// port, behind a password of its own, and ends with the program that began it,
// however that ends. Production gives an address instead.
package cluster

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// superuser is the owner of the cluster's databases.
const superuser = "parus"

// patience is how long a server may take to start or to stop.
const patience = 60 * time.Second

// Cluster is a running server.
type Cluster struct {
	folder, password string
	port             int
	lock             *os.File
	process          *os.Process
	ended            chan struct{} // closed when the server has ended
}

// Start makes the cluster where the folder has none and starts its server.
// Settings are "name=value" lines as in postgresql.conf, for this start only. A
// folder serves one program at a time.
func Start(ctx context.Context, folder string, settings ...string) (_ *Cluster, err error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	folder, err = filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	who, err := runAs()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o711); err != nil {
		return nil, fmt.Errorf("make the database's folder: %w", err)
	}
	c := &Cluster{folder: folder}
	if c.lock, err = lock(filepath.Join(folder, "lock")); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			c.Stop()
		}
	}()
	if err := c.prepare(ctx, bin, who, settings); err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		err := c.serve(ctx, bin, who, settings)
		if err == nil {
			return c, nil
		}
		if try == 2 || ctx.Err() != nil { // another program may have taken the port meanwhile
			return nil, fmt.Errorf("start PostgreSQL in %s: %w; its log is %s", folder, err, c.log())
		}
	}
}

// URL is the address of a database, with the superuser's password.
func (c *Cluster) URL(database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(superuser, c.password), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)), Path: "/" + database,
		RawQuery: "sslmode=disable"}
	return u.String()
}

// Stop ends the server in order: open transactions are undone, nothing that was
// committed is lost. A second call does nothing.
func (c *Cluster) Stop() error {
	if c.lock != nil {
		defer func() { c.lock.Close(); c.lock = nil }()
	}
	if c.process == nil {
		return nil
	}
	p := c.process
	c.process = nil
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGKILL} { // fast, immediate, none of both
		p.Signal(s)
		select {
		case <-c.ended:
			return nil
		case <-time.After(patience):
		}
	}
	return fmt.Errorf("stop PostgreSQL in %s: process %d does not end", c.folder, p.Pid)
}

func (c *Cluster) data() string { return filepath.Join(c.folder, "data") }
func (c *Cluster) log() string  { return filepath.Join(c.folder, "log") }

// prepare makes the password and the files of the cluster where they are not
// there. A cluster half made by a program that was killed is made again.
func (c *Cluster) prepare(ctx context.Context, bin string, who *syscall.Credential, settings []string) error {
	path := filepath.Join(c.folder, "password")
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		b = []byte(rand.Text())
		err = os.WriteFile(path, b, 0o600)
	}
	if err != nil {
		return fmt.Errorf("the database's password: %w", err)
	}
	c.password = strings.TrimSpace(string(b))
	if _, err := os.Stat(filepath.Join(c.data(), "PG_VERSION")); err == nil {
		return nil
	}
	half := filepath.Join(c.folder, "half")
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	if err := os.Mkdir(half, 0o700); err != nil {
		return err
	}
	for _, f := range []string{path, half} {
		if who == nil {
			break
		}
		if err := os.Chown(f, int(who.Uid), int(who.Gid)); err != nil {
			return err
		}
	}
	args := []string{"--pgdata", half, "--username", superuser, "--pwfile", path, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"}
	if slices.Contains(settings, "fsync=off") {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("make a PostgreSQL cluster in %s: %w\n%s", half, err, out)
	}
	return os.Rename(half, c.data())
}

// serve starts the server on a free port and waits until it answers.
func (c *Cluster) serve(ctx context.Context, bin string, who *syscall.Credential, settings []string) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	c.port = l.Addr().(*net.TCPAddr).Port
	l.Close()
	args := []string{"-D", c.data(), "-p", strconv.Itoa(c.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	out, err := os.Create(c.log())
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := exec.Command(filepath.Join(bin, "postgres"), args...)
	cmd.Stdout, cmd.Stderr, cmd.Dir = out, out, "/"
	// Ctrl-C at the terminal is ours to answer; if we die, the server stops in order.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who, Setpgid: true, Pdeathsig: syscall.SIGINT}
	began, ended := make(chan error, 1), make(chan struct{})
	go func() {
		runtime.LockOSThread() // Pdeathsig tells of the end of a thread: this one stays until the server has ended
		err := cmd.Start()
		began <- err
		if err == nil {
			cmd.Wait()
		}
		close(ended)
	}()
	if err := <-began; err != nil {
		return err
	}
	c.process, c.ended = cmd.Process, ended
	for late := time.Now().Add(patience); ; {
		err := c.answers(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ended:
			c.process = nil
			return fmt.Errorf("the server ended: %s", lastLines(c.log(), 5))
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
		if time.Now().After(late) {
			return fmt.Errorf("no answer for %s: %w", patience, err)
		}
	}
}

func (c *Cluster) answers(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// binaries finds the newest PostgreSQL of at least 15 that Debian has installed.
func binaries() (string, error) {
	all, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	slices.SortFunc(all, func(a, b string) int { return major(a) - major(b) })
	if len(all) == 0 || major(all[len(all)-1]) < 15 {
		return "", errors.New("PostgreSQL 15 or newer with PostGIS is not installed: apt-get install postgresql-15-postgis-3")
	}
	return filepath.Dir(all[len(all)-1]), nil
}

// major is the version in /usr/lib/postgresql/15/bin/postgres.
func major(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}

// lock holds a file for this process: a second program on the same folder is told.
func lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("the database's folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fmt.Errorf("another program uses the database in %s: stop it, or give another folder", filepath.Dir(path))
	}
	return f, nil
}

// lastLines are the last n lines of a text file, for an error message.
func lastLines(path string, n int) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
