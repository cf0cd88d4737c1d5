package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Survey is what an officer saw on the land.
type Survey struct {
	ID        int64     `json:"id"`
	Task      int64     `json:"task"`
	SeenAt    time.Time `json:"seen_at"`
	Lat       *float64  `json:"lat,omitempty"`
	Lon       *float64  `json:"lon,omitempty"`
	AccuracyM *float64  `json:"accuracy_m,omitempty"`
	DistanceM *float64  `json:"distance_m,omitempty"` // from the nearest of the grower's parcels
	Crop      string    `json:"crop"`
	Farmed    string    `json:"farmed"`
	Condition string    `json:"condition"`
	Boundary  string    `json:"boundary"`
	Note      string    `json:"note"`
	Photos    []int64   `json:"photos"`
	Asker     string    `json:"asker"`
	At        time.Time `json:"at"`
}

const surveyColumns = "SELECT id, task, seen_at, lat, lon, accuracy_m, distance_m, crop, farmed, condition, boundary, note, photos, asker, at FROM parus.survey "

// KeepSurvey finishes a survey task with what was seen; the last one of an
// application sends it to review.
func (s *Store) KeepSurvey(ctx context.Context, a Asker, key string, q Survey) (json.RawMessage, error) {
	return s.write(ctx, a, key, []any{"survey", q}, func(tx pgx.Tx) (any, entry, error) {
		var id int64
		if err := tx.QueryRow(ctx, `INSERT INTO parus.survey (task, seen_at, lat, lon, accuracy_m, crop, farmed, condition, boundary, note, photos)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
			q.Task, q.SeenAt, q.Lat, q.Lon, q.AccuracyM, q.Crop, q.Farmed, q.Condition, q.Boundary, q.Note, append([]int64{}, q.Photos...)).Scan(&id); err != nil {
			return nil, entry{}, fmt.Errorf("survey of task %d: %w", q.Task, err)
		}
		made, err := rowOf[Survey](ctx, tx, surveyColumns+"WHERE id = $1", id)
		if err != nil {
			return nil, entry{}, err
		}
		t, err := rowOf[Task](ctx, tx, taskColumns+"WHERE id = $1", q.Task)
		return made, entry{t.County, "survey", subjectOf("task", q.Task), map[string]any{"application": t.Application, "photos": len(q.Photos)}}, err
	})
}

// KeepPhoto seals a photo of a survey and keeps it; the same photo again is the same.
func (s *Store) KeepPhoto(ctx context.Context, seal *Sealer, a Asker, task int64, photo []byte) (id int64, err error) {
	sum := sha256.Sum256(photo)
	find := func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT id FROM parus.photo WHERE task = $1 AND sha256 = $2", task, sum[:]).Scan(&id)
	}
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		if err := find(tx); !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		t, err := rowOf[Task](ctx, tx, taskColumns+"WHERE id = $1", task)
		if err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, "INSERT INTO parus.photo (task, sha256, key_id, cipher, sealed) VALUES ($1, $2, $3, $4, $5) RETURNING id",
			task, sum[:], seal.id, seal.cipher, seal.seal(photo, aboutPhoto(t.County, sum[:]))).Scan(&id); err != nil {
			return fmt.Errorf("photo of task %d: %w", task, err)
		}
		return Audit(ctx, tx, t.County, "photo", subjectOf("task", task), map[string]any{"photo": id})
	})
	if r := refusal(err); r != err { // the same photo may have come in at the same time, and first
		if again := s.As(ctx, a, find); again == nil {
			return id, nil
		}
		return 0, r
	}
	return id, err
}

// aboutPhoto is what a photo is sealed for: it opens only in its county, and
// only where its bytes are still those of the hash.
func aboutPhoto(county string, sum []byte) string { return fmt.Sprintf("photo/%s/%x", county, sum) }

// Photo opens a photo. That the asker looked is kept before it is shown.
func (s *Store) Photo(ctx context.Context, seal *Sealer, a Asker, id int64) (photo []byte, err error) {
	type row struct {
		County, Grower, Cipher string
		SHA256, Sealed         []byte
		Task                   int64
	}
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		r, err := rowOf[row](ctx, tx, "SELECT county, grower_id, cipher, sha256, sealed, task FROM parus.photo WHERE id = $1", id)
		if err != nil {
			return err
		}
		if photo, err = seal.open(r.Sealed, r.Cipher, aboutPhoto(r.County, r.SHA256)); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "INSERT INTO parus.unmasking (asker, role, county, grower_id, purpose) VALUES ($1, $2, $3, $4, $5)", a.ID, a.Role, r.County, r.Grower, fmt.Sprintf("photo %d of the survey of task %d", id, r.Task))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("photo %d: %w", id, err)
	}
	return photo, nil
}
