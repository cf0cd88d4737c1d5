// Package clustertest gives tests a real PostgreSQL with PostGIS.
package clustertest

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/cluster"
)

// Need skips the test where PostgreSQL with PostGIS is not installed; in CI
// that fails.
func Need(t testing.TB) {
	t.Helper()
	found, _ := filepath.Glob("/usr/share/postgresql/*/extension/postgis.control")
	_, err := user.Lookup("postgres")
	if len(found) > 0 && (os.Geteuid() != 0 || err == nil) {
		return
	}
	const why = "PostgreSQL with PostGIS is not installed: tools/setup.sh packages test"
	if os.Getenv("CI") != "" {
		t.Fatal(why)
	}
	t.Skip(why)
}

// Folder is a temporary folder that the postgres user may pass through to.
func Folder(t testing.TB) string {
	t.Helper()
	folder, err := temporary()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return folder
}

func temporary() (string, error) {
	folder, err := os.MkdirTemp("", "parus-cluster-")
	if err != nil {
		return "", err
	}
	return folder, os.Chmod(folder, 0o711)
}

// Main runs the tests of a package with one server for all of them; address is
// the server's, for New. Where there is no PostgreSQL the tests run without.
func Main(m *testing.M, address *func(database string) string) int {
	folder, err := temporary()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder)
	if found, _ := filepath.Glob("/usr/share/postgresql/*/extension/postgis.control"); len(found) > 0 {
		c, err := cluster.Start(context.Background(), folder, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer c.Stop()
		if err := makeTemplate(c.URL("postgres"), c.URL(template)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		*address = c.URL
	}
	return m.Run()
}

// template is a database with PostGIS, of which New makes copies: making the
// extension anew takes a second.
const template = "with_postgis"

func makeTemplate(server, made string) error {
	ctx := context.Background()
	for _, step := range [][2]string{{server, "CREATE DATABASE " + template}, {made, "CREATE EXTENSION postgis SCHEMA public"}} {
		conn, err := pgx.Connect(ctx, step[0])
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, step[1])
		conn.Close(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

var databases atomic.Int64

// New makes a database of its own for a test, empty but for PostGIS, and gives its address.
func New(t testing.TB, address func(database string) string) string {
	t.Helper()
	Need(t)
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatal(err)
	}
	return address(name)
}
