package cluster_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/parus-lending/parus/data/cluster"
	"github.com/parus-lending/parus/data/cluster/clustertest"
)

// A row written before an orderly stop is there after the next start; PostGIS
// knows the length of a degree; a second program is refused the folder.
func TestKeepsWhatWasWritten(t *testing.T) {
	clustertest.Need(t)
	ctx := context.Background()
	folder := clustertest.Folder(t)
	c, err := cluster.Start(ctx, folder, "fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { c.Stop() }()
	if _, err := cluster.Start(ctx, folder); err == nil || !strings.Contains(err.Error(), "another program") {
		t.Errorf("a second start on the same folder: %v", err)
	}
	run(t, c, "CREATE EXTENSION postgis", "CREATE TABLE kept (n int)", "INSERT INTO kept VALUES (7)")
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if c, err = cluster.Start(ctx, folder, "fsync=off"); err != nil {
		t.Fatal(err)
	}
	conn := connect(t, c)
	var n int
	var metres float64
	if err := conn.QueryRow(ctx, "SELECT n, ST_Length('LINESTRING(0 0, 1 0)'::geography) FROM kept").Scan(&n, &metres); err != nil {
		t.Fatal(err)
	}
	// 111,319.49 m: 6,378,137 m × π / 180.
	if n != 7 || metres < 111319.4 || metres > 111319.6 {
		t.Errorf("n = %d, one degree of the equator = %.2f m", n, metres)
	}
}

// The server ends with a program that is killed, so that nothing is left running.
func TestEndsWithItsProgram(t *testing.T) {
	if folder := os.Getenv("PARUS_CLUSTER_CHILD"); folder != "" {
		c, err := cluster.Start(context.Background(), folder, "fsync=off")
		if err != nil {
			t.Fatal(err)
		}
		connect(t, c)
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	clustertest.Need(t)
	folder := clustertest.Folder(t)
	cmd := exec.Command(os.Args[0], "-test.run", "^TestEndsWithItsProgram$")
	cmd.Env = append(os.Environ(), "PARUS_CLUSTER_CHILD="+folder)
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("%v\n%s", err, out)
	}
	pidFile := filepath.Join(folder, "data", "postmaster.pid")
	for late := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if _, err := os.Stat(pidFile); os.IsNotExist(err) {
			break
		}
		if time.Now().After(late) {
			t.Fatal("the server still runs")
		}
	}
	c, err := cluster.Start(context.Background(), folder, "fsync=off")
	if err != nil {
		t.Fatal("after its program was killed the folder cannot be used again:", err)
	}
	c.Stop()
}

func TestHalfMadeClusterIsMadeAgain(t *testing.T) {
	clustertest.Need(t)
	folder := clustertest.Folder(t)
	if err := os.MkdirAll(filepath.Join(folder, "half", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	c, err := cluster.Start(context.Background(), folder, "fsync=off")
	if err != nil {
		t.Fatal(err)
	}
	c.Stop()
}

func connect(t *testing.T, c *cluster.Cluster) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), c.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

func run(t *testing.T, c *cluster.Cluster, statements ...string) {
	t.Helper()
	conn := connect(t, c)
	for _, s := range statements {
		if _, err := conn.Exec(context.Background(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}
