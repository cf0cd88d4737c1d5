package api

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/store"
)

// reject is a row of a file that was not used.
type reject struct {
	Row      int    `json:"row,omitempty"`
	Column   string `json:"column"`
	Value    string `json:"value"`
	Reason   string `json:"reason"`
	ReasonZH string `json:"reason_zh"`
	Advice   string `json:"advice"`
	AdviceZH string `json:"advice_zh"`

	at int64 // where the next one begins in the file
}

// rejectsOf opens the rejects of an import that the asker may see; nil where it
// has none.
func (s *server) rejectsOf(c *gin.Context, id int64) (*os.File, error) {
	i, err := s.Store.Import(c.Request.Context(), asker(c), id)
	if err != nil || i.Rejects == "" {
		return nil, err
	}
	f, err := os.Open(filepath.Join(s.Records[i.County].Store, feeds.RejectsFolder, keptRejects, i.Rejects))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: the rejects of import %d do not lie in the store that this service knows", errNoStore, id)
	}
	return f, err
}

// ListRejects shows them page by page. The cursor is a place in the file.
func (s *server) ListRejects(c *gin.Context, id int64, q contract.ListRejectsParams) {
	p, err := pageOf(q.Limit, q.Cursor)
	var from int64
	if err == nil && p.After != "" {
		if from, err = strconv.ParseInt(p.After, 10, 64); err != nil || from < 1 {
			err = store.ErrCursor
		}
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	f, err := s.rejectsOf(c, id)
	if err != nil || f == nil {
		s.answer(c, page[reject]{Items: []reject{}}, err)
		return
	}
	defer f.Close()
	rows, err := readRejects(f, from, p.Limit)
	s.answer(c, paged(rows, p, func(r reject) string { return strconv.FormatInt(r.at, 10) }), err)
}

// readRejects reads up to most rows from a place in the file: the beginning (0) or
// where an earlier row ended.
func readRejects(f io.ReadSeeker, from int64, most int) (out []reject, err error) {
	if from > 0 {
		var before [1]byte
		if _, err = f.Seek(from-1, io.SeekStart); err == nil {
			_, err = io.ReadFull(f, before[:])
		}
		if err != nil || before[0] != '\n' {
			return nil, store.ErrCursor
		}
	}
	rows := csv.NewReader(f)
	rows.FieldsPerRecord = 7
	for len(out) < most {
		cells, err := rows.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			if from > 0 {
				return nil, store.ErrCursor
			}
			return nil, fmt.Errorf("read the rejects: %w", err)
		}
		if from == 0 && rows.InputOffset() > 0 && len(out) == 0 && strings.HasPrefix(cells[0], "\ufeff") {
			continue // headings
		}
		out = append(out, rejectOf(cells, from+rows.InputOffset()))
	}
	return out, nil
}

func rejectOf(cells []string, at int64) reject {
	n, _ := strconv.Atoi(cells[2]) // empty = of no row
	return reject{Row: n, Column: cells[3], Value: cells[4], Reason: cells[5], ReasonZH: feeds.RejectZH(cells[5]), Advice: cells[6], AdviceZH: feeds.RejectZH(cells[6]), at: at}
}

// DownloadRejects gives all of them, in both languages, as spreadsheets open it.
func (s *server) DownloadRejects(c *gin.Context, id int64) {
	f, err := s.rejectsOf(c, id)
	if err == nil && f == nil {
		err = store.ErrNone
	}
	if err != nil {
		s.answer(c, nil, err)
		return
	}
	defer f.Close()
	c.Header("Content-Type", "text/csv; charset=utf-8")
	c.Header("Content-Disposition", fmt.Sprintf(`attachment; filename="rejects-%d.csv"`, id))
	c.Header("Cache-Control", "no-store")
	c.Status(http.StatusOK)
	in := csv.NewReader(bufio.NewReader(f))
	in.FieldsPerRecord = 7
	out := csv.NewWriter(c.Writer)
	for n := 0; ; n++ {
		cells, err := in.Read()
		if err != nil {
			if err != io.EOF {
				s.Log.Error("failed", "request", c.GetString(requestKey), "error", "read the rejects: "+err.Error())
			}
			break
		}
		if n == 0 {
			cells = append(cells, "原因", "建议")
		} else {
			cells = append(cells, feeds.RejectZH(cells[5]), feeds.RejectZH(cells[6]))
		}
		for i := range cells {
			cells[i] = noFormula(cells[i])
		}
		if out.Write(cells) != nil {
			break
		}
	}
	out.Flush()
}

// noFormula keeps a spreadsheet from computing a cell.
func noFormula(cell string) string {
	if cell == "" || !strings.ContainsAny(cell[:1], "=+-@\t\r") {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}
