// Package store keeps runs in PostgreSQL with PostGIS, for the service: what
// `parus publish` brings in, and who may read which part of it. The database
// itself keeps the counties apart (row-level security); the service connects as
// a role that owns nothing.
package store

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Asker is who reads: for one transaction the database shows only what he may
// see. The zero Asker sees nothing.
type Asker struct {
	ID       string
	Role     string
	Counties []string // six digits each
}

// Store is a pool of connections, and what is remembered (Remember).
type Store struct {
	pool *pgxpool.Pool

	asking together[asked, answered]

	remember sync.Once
	ear      ear
	members  memory[memberKey, memberRow]
	runs     memory[runKey, Run]
	digests  memory[runKey, string]
}

// Open connects to the database at the address (postgres://…). Migrate comes first.
func Open(ctx context.Context, address string) (*Store, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("the database's address: %w", err)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open the database: %w", err)
	}
	s := &Store{pool: pool}
	s.asking.most, s.asking.do = mostAsked, s.keepAsked
	return s, nil
}

// Close ends the connections.
func (s *Store) Close() {
	s.remember.Do(func() {}) // from now on it does not begin
	if s.ear.end != nil {
		s.ear.mu.Lock() // nobody begins to follow now
		s.ear.end()
		s.ear.mu.Unlock()
		<-s.ear.ended
		s.ear.following.Wait()
	}
	s.pool.Close()
}

// Busy is how many connections are in use.
func (s *Store) Busy() int { return int(s.pool.Stat().AcquiredConns()) }

// sayWho tells the database who asks, until the transaction ends.
const sayWho = "SELECT set_config('parus.asker', $1, true), set_config('parus.role', $2, true), set_config('parus.counties', $3, true), set_config('role', 'parus_service', true)"

// As runs f in a transaction in which the database shows what the asker may
// see. Whatever role the program connects as, f runs as parus_service.
func (s *Store) As(ctx context.Context, a Asker, f func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sayWho, a.ID, a.Role, strings.Join(a.Counties, ","))
		if err != nil {
			return fmt.Errorf("say who asks: %w", err)
		}
		return f(tx)
	})
}
