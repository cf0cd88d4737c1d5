package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// Import is a file of records that was brought into a county's store.
type Import struct {
	ID         int64           `json:"id"`
	County     string          `json:"county"`
	Feed       string          `json:"feed"`
	File       string          `json:"file"` // its name, without folders
	Size       int64           `json:"size"`
	SHA256     string          `json:"sha256"`
	ImportedBy string          `json:"imported_by"`
	ImportedAt time.Time       `json:"imported_at"`
	Report     json.RawMessage `json:"report"`
	Rejects    string          `json:"-"` // name of the rejects file in the store; empty = none
	Question   string          `json:"-"` // what else was asked with the file
}

const importColumns = "SELECT id, county, feed, file, size, sha256, asker, at, report, rejects, question FROM parus.import "

// Imports lists a county's imports, the newest first.
func (s *Store) Imports(ctx context.Context, a Asker, county string, page Page) ([]Import, error) {
	before := int64(math.MaxInt64)
	if page.After != "" {
		var err error
		if before, err = strconv.ParseInt(page.After, 10, 64); err != nil {
			return nil, ErrCursor
		}
	}
	return all[Import](ctx, s, a, importColumns+"WHERE county = $1 AND id < $2 ORDER BY id DESC LIMIT $3", county, before, page.Limit)
}

// Import is one by its number.
func (s *Store) Import(ctx context.Context, a Asker, id int64) (Import, error) {
	return one[Import](ctx, s, a, importColumns+"WHERE id = $1", id)
}

// ImportedBefore is the import that the asker named by the key; ErrNone where there
// is none, ErrKey where it was another file or question.
func (s *Store) ImportedBefore(ctx context.Context, a Asker, key string, i Import) (Import, error) {
	was, err := one[Import](ctx, s, a, importColumns+"WHERE asker = current_setting('parus.asker') AND key = $1", key)
	if err == nil && (was.County != i.County || was.Feed != i.Feed || was.SHA256 != i.SHA256 || was.Question != i.Question) {
		return Import{}, ErrKey
	}
	return was, err
}

// KeepImport keeps what was imported with an entry of the audit log, both or
// neither; key is the asker's own name for it, empty = none.
func (s *Store) KeepImport(ctx context.Context, a Asker, key string, i Import) (kept Import, err error) {
	var name *string
	if key != "" {
		name = &key
	}
	err = s.As(ctx, a, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `INSERT INTO parus.import (county, feed, file, size, sha256, question, report, rejects, key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (asker, key) DO NOTHING
			RETURNING id, county, feed, file, size, sha256, asker, at, report, rejects, question`, i.County, i.Feed, i.File, i.Size, i.SHA256, i.Question, i.Report, i.Rejects, name)
		if err != nil {
			return err
		}
		if kept, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Import]); errors.Is(err, pgx.ErrNoRows) {
			return ErrKey // another file by the same key was faster
		}
		if err != nil {
			return err
		}
		return Audit(ctx, tx, i.County, "import", strconv.FormatInt(kept.ID, 10), map[string]any{"feed": i.Feed, "sha256": i.SHA256, "report": i.Report})
	})
	if err != nil && !errors.Is(err, ErrKey) {
		err = fmt.Errorf("keep import of %s: %w", i.Feed, err)
	}
	return kept, err
}
