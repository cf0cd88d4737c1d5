package store

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the advisory lock that keeps two machines from migrating at
// once: the letters of "parus".
const migrationLock = 0x7061727573

// Migrate brings the database to this program's layout, as the role that owns
// it. Any number of machines may call it at once; each step is done once, whole
// or not at all. A database of a newer program is refused, and so is one whose
// earlier steps differ from this program's.
func Migrate(ctx context.Context, address string) error { return migrate(ctx, address, migrations) }

func migrate(ctx context.Context, address string, steps fs.FS) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	defer conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock)
	if _, err := conn.Exec(ctx, `CREATE SCHEMA IF NOT EXISTS parus;
		CREATE TABLE IF NOT EXISTS parus.migration (name text PRIMARY KEY, sha256 text NOT NULL, applied timestamptz NOT NULL DEFAULT now())`); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	rows, err := conn.Query(ctx, "SELECT name, sha256 FROM parus.migration")
	if err != nil {
		return err
	}
	type step struct{ Name, SHA256 string }
	applied, err := pgx.CollectRows(rows, pgx.RowToStructByPos[step])
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	done := map[string]string{}
	for _, s := range applied {
		done[s.Name] = s.SHA256
	}
	files, err := fs.ReadDir(steps, "migrations")
	if err != nil {
		return err
	}
	for _, f := range files {
		text, err := fs.ReadFile(steps, "migrations/"+f.Name())
		if err != nil {
			return err
		}
		sum := sha256.Sum256(text)
		name, hash := strings.TrimSuffix(f.Name(), ".sql"), hex.EncodeToString(sum[:])
		switch was, ok := done[name]; {
		case !ok:
			if err := apply(ctx, conn, name, hash, string(text)); err != nil {
				return fmt.Errorf("migrate the database: step %s: %w", name, err)
			}
		case was != hash:
			return fmt.Errorf("migrate the database: step %s was applied in another form: this program and the one that made the database do not fit; use the same release, or publish into a new database", name)
		}
		delete(done, name)
	}
	for name := range done {
		return fmt.Errorf("migrate the database: it has step %s, which this program does not know: use a newer release", name)
	}
	return nil
}

// apply does one step in a transaction.
func apply(ctx context.Context, conn *pgx.Conn, name, hash, text string) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, text); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO parus.migration (name, sha256) VALUES ($1, $2)", name, hash)
		return err
	})
}
