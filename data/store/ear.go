package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// The listening connection says something to itself every beat; where it has
// not heard itself for mostSilent, what is remembered does not count.
const (
	beat       = 500 * time.Millisecond
	mostSilent = 2 * time.Second
	relisten   = time.Second // before it connects anew
)

// channel is where the database tells of changes (migration heard): the payload
// is the name of the table, or beatPayload.
const (
	channel     = "parus_changed"
	beatPayload = "beat"
)

// ear hears of what changes in the database. Its zero is deaf.
type ear struct {
	members, runs atomic.Uint64 // how often they changed
	heard         atomic.Int64  // when the last beat that came back was sent, since born
	born          time.Time

	ctx   context.Context // until end
	end   context.CancelFunc
	ended chan struct{}

	mu        sync.Mutex
	told      []chan struct{} // of those who follow
	following sync.WaitGroup
}

// hears says whether all that was committed until mostSilent ago was heard of.
func (e *ear) hears() bool {
	at := e.heard.Load()
	return at > 0 && int64(time.Since(e.born))-at < int64(mostSilent)
}

// Remember begins to keep in memory who is a member and which runs there are,
// for as long as the database tells of every change: while nothing is heard of
// it, each question asks the database again. It ends with Close; twice is once.
func (s *Store) Remember() {
	s.remember.Do(func() {
		ctx, end := context.WithCancel(context.Background())
		e := &s.ear
		e.born, e.ctx, e.end, e.ended = time.Now(), ctx, end, make(chan struct{})
		go func() {
			defer close(e.ended)
			for ctx.Err() == nil {
				e.listen(ctx, s.pool.Config().ConnConfig)
				e.heard.Store(0)
				select {
				case <-ctx.Done():
				case <-time.After(relisten):
				}
			}
		}()
	})
}

// listen hears until the connection fails or the context ends.
func (e *ear) listen(ctx context.Context, config *pgx.ConnConfig) error {
	patient, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	conn, err := pgx.ConnectConfig(patient, config)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(patient))
	// A beat is no write that anybody waits for.
	if _, err := conn.Exec(patient, "SET synchronous_commit = off; LISTEN "+channel); err != nil {
		return err
	}
	e.changed("") // whatever was remembered before: changes may have gone by unheard
	for {
		sent := time.Since(e.born)
		if err := within(ctx, mostSilent, func(ctx context.Context) error {
			_, err := conn.Exec(ctx, "SELECT pg_notify($1, $2)", channel, beatPayload)
			return err
		}); err != nil {
			return err
		}
		for next := time.Now().Add(beat); ; {
			err := within(ctx, time.Until(next), func(ctx context.Context) error {
				n, err := conn.WaitForNotification(ctx)
				switch {
				case err != nil:
					return err
				case n.Payload == beatPayload && n.PID == conn.PgConn().PID():
					e.heard.Store(int64(sent))
				case n.Payload != beatPayload:
					e.changed(n.Payload)
				}
				return nil
			})
			if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
				break // nothing more to hear: time for the next beat
			}
			if err != nil {
				return err
			}
		}
	}
}

func within(ctx context.Context, d time.Duration, f func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return f(ctx)
}

// changed forgets what is remembered of a table; of an unknown one, all.
func (e *ear) changed(table string) {
	if table != "run" {
		e.members.Add(1)
	}
	if table != "member" {
		e.runs.Add(1)
		e.tell()
	}
}

// memory keeps answers of the database until something changed there.
type memory[K comparable, V any] struct {
	mu      sync.RWMutex
	at      map[K]V
	changed uint64 // of which count the answers are
}

// mostRemembered bounds a memory, in answers: a full one begins anew.
const mostRemembered = 20_000

// recall is what is remembered by the key, or what ask finds now. changed counts
// the changes of what the answer rests on. Only what was found is remembered.
func recall[K comparable, V any](e *ear, m *memory[K, V], changed *atomic.Uint64, k K, ask func() (V, error)) (V, error) {
	// Counted before asking: a change meanwhile makes the answer too old.
	count, hears := changed.Load(), e.hears()
	if !hears {
		return ask()
	}
	m.mu.RLock()
	v, ok := m.at[k]
	ok = ok && m.changed == count
	m.mu.RUnlock()
	if ok {
		return v, nil
	}
	v, err := ask()
	if err != nil {
		return v, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.changed > count:
		return v, nil
	case m.changed < count, m.at == nil, len(m.at) >= mostRemembered:
		m.at, m.changed = map[K]V{}, count
	}
	m.at[k] = v
	return v, nil
}
