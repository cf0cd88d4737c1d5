package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// Task is something that somebody has to do, by Due.
type Task struct {
	ID          int64      `json:"id"`
	County      string     `json:"county"`
	Kind        string     `json:"kind"`
	Application *int64     `json:"application,omitempty"`
	GrowerID    string     `json:"grower_id"`
	Subject     string     `json:"subject"`
	Note        string     `json:"note"`
	MadeBy      string     `json:"made_by"`
	MadeAt      time.Time  `json:"made_at"`
	Due         time.Time  `json:"due"`
	TakenBy     *string    `json:"taken_by,omitempty"`
	TakenAt     *time.Time `json:"taken_at,omitempty"`
	DoneBy      *string    `json:"done_by,omitempty"`
	DoneAt      *time.Time `json:"done_at,omitempty"`
	Result      *string    `json:"result,omitempty"`
	Barred      bool       `json:"barred"`               // the asker's own part in it bars him
	AmountFen   *int64     `json:"amount_fen,omitempty"` // of its application: proposed, else asked for
}

const taskColumns = `SELECT id, county, kind, application, grower_id, subject, note, made_by, made_at, due, taken_by, taken_at, done_by, done_at, result,
	EXISTS (SELECT FROM parus.application a JOIN parus.step s ON s.from_state = a.state AND s.act = CASE a.state WHEN 'review' THEN 'review' WHEN 'refusing' THEN 'refuse' ELSE 'approve' END
		JOIN parus.application_event e ON e.application = a.id AND e.asker = parus.asker() AND e.act = ANY (s.not_by) WHERE a.id = task.application AND kind IN ('review', 'approval', 'second'))
	OR kind = 'human_review' AND EXISTS (SELECT FROM parus.human_review r WHERE r.id::text = task.subject AND r.county = task.county AND parus.took_part(r, parus.asker()))
	OR kind = 'relief' AND made_by = parus.asker(), (SELECT coalesce(a.proposed_fen, a.asked_fen) FROM parus.application a WHERE a.id = task.application) FROM parus.task `

// AddTask makes a task in the asker's name, within his transaction: the small
// entry by which other parts of Parus give people work. Of the task only County,
// Kind, Application, GrowerID, Subject and Note count; it is due by its kind.
// It holds no personal data.
func AddTask(ctx context.Context, tx pgx.Tx, t Task) (int64, error) {
	var id int64
	err := tx.QueryRow(ctx, "INSERT INTO parus.task (county, kind, application, grower_id, subject, note) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
		t.County, t.Kind, t.Application, t.GrowerID, t.Subject, t.Note).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("make a task %s of grower %s: %w", t.Kind, t.GrowerID, refusal(err))
	}
	return id, nil
}

// MakeTask is AddTask by itself, with its entry in the audit log.
func (s *Store) MakeTask(ctx context.Context, a Asker, key string, t Task) (json.RawMessage, error) {
	return s.write(ctx, a, key, []any{"task", t}, func(tx pgx.Tx) (any, entry, error) {
		id, err := AddTask(ctx, tx, t)
		if err != nil {
			return nil, entry{}, err
		}
		made, err := rowOf[Task](ctx, tx, taskColumns+"WHERE id = $1", id)
		return made, entry{t.County, "make_task", subjectOf("task", id), map[string]any{"kind": t.Kind, "grower_id": t.GrowerID}}, err
	})
}

// TaskAct takes a task, gives it back, or finishes one that ends by itself, with
// what came of it.
func (s *Store) TaskAct(ctx context.Context, a Asker, id int64, what, result string) (json.RawMessage, error) {
	set := map[string]string{"take": "taken_by = parus.asker()", "give_back": "taken_by = NULL", "finish": "taken_by = parus.asker(), done_by = parus.asker(), result = $2"}[what]
	return s.write(ctx, a, "", nil, func(tx pgx.Tx) (any, entry, error) {
		args := []any{id}
		if what == "finish" {
			args = append(args, result)
		}
		if err := change(ctx, tx, "UPDATE parus.task SET "+set+" WHERE id = $1", args...); err != nil {
			return nil, entry{}, fmt.Errorf("%s task %d: %w", what, id, err)
		}
		now, err := rowOf[Task](ctx, tx, taskColumns+"WHERE id = $1", id)
		return now, entry{now.County, what + "_task", subjectOf("task", id), map[string]any{"kind": now.Kind}}, err
	})
}

// Task is one task.
func (s *Store) Task(ctx context.Context, a Asker, id int64) (Task, error) {
	return one[Task](ctx, s, a, taskColumns+"WHERE id = $1", id)
}

// TaskQuery narrows a list of open tasks; empty fields do not.
type TaskQuery struct {
	County, Kind string
	Mine         bool // taken by the asker
}

// Tasks lists the open tasks that the asker's role may do, the first due first.
func (s *Store) Tasks(ctx context.Context, a Asker, q TaskQuery, page Page) ([]Task, error) {
	var due time.Time
	var id int64
	if page.After != "" {
		at, n, ok := strings.Cut(page.After, ".")
		micro, err1 := strconv.ParseInt(at, 10, 64)
		var err2 error
		if id, err2 = strconv.ParseInt(n, 10, 64); !ok || err1 != nil || err2 != nil || micro < 0 || micro > 1<<53 {
			return nil, ErrCursor
		}
		due = time.UnixMicro(micro)
	}
	return all[Task](ctx, s, a, taskColumns+`JOIN parus.task_kind USING (kind) WHERE county = $1 AND done_at IS NULL AND ($2 = '' OR kind = $2) AND (NOT $3 OR taken_by = parus.asker())
		AND (parus.role() = ANY (roles) OR parus.role() = 'auditor') AND (due, id) > ($4, $5) ORDER BY due, id LIMIT $6`, q.County, q.Kind, q.Mine, due, id, page.Limit)
}

// Cursor is the task's place in Tasks.
func (t Task) Cursor() string { return fmt.Sprintf("%d.%d", t.Due.UnixMicro(), t.ID) }

// TaskCount is how many open tasks of a kind there are.
type TaskCount struct {
	Kind  string `json:"kind"`
	Open  int64  `json:"open"`
	Late  int64  `json:"late"`
	Mine  int64  `json:"mine"`
	Hours int32  `json:"hours"` // within which one should be done
}

// TaskCounts counts a county's open tasks by kind, of those that the asker's role may do.
func (s *Store) TaskCounts(ctx context.Context, a Asker, county string) ([]TaskCount, error) {
	return all[TaskCount](ctx, s, a, `SELECT k.kind, count(t.id), count(t.id) FILTER (WHERE t.due < now()), count(t.id) FILTER (WHERE t.taken_by = parus.asker()), k.hours
		FROM parus.task_kind k LEFT JOIN parus.task t ON t.kind = k.kind AND t.county = $1 AND t.done_at IS NULL
		WHERE parus.role() = ANY (k.roles) OR parus.role() = 'auditor' GROUP BY k.kind, k.hours ORDER BY k.kind`, county)
}
