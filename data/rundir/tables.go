package rundir

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// bom lets a spreadsheet know that a CSV is UTF-8.
const bom = "\ufeff"

var findingHeader = []string{"grower_id", "parcel_id", "code", "severity", "detail", "numbers", "witnesses", "detail_zh"}

// WriteFindings writes findings.csv.
func WriteFindings(dir string, fs []Finding) error {
	rows := make([][]string, len(fs))
	for i, f := range fs {
		rows[i] = []string{f.GrowerID, f.ParcelID, f.Code, f.Severity, f.Detail, f.Numbers, f.Witnesses, f.DetailZH}
	}
	return WriteCSV(filepath.Join(dir, FindingsFile), findingHeader, rows)
}

// ReadFindings reads findings.csv.
func ReadFindings(dir string) (out []Finding, err error) {
	err = EachFinding(dir, func(f Finding) error { out = append(out, f); return nil })
	return out, err
}

// EachFinding reads findings.csv row by row.
func EachFinding(dir string, f func(Finding) error) error {
	path := filepath.Join(dir, FindingsFile)
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	text := bufio.NewReader(file)
	if start, _ := text.Peek(len(bom)); string(start) == bom {
		text.Discard(len(bom))
	}
	rows := csv.NewReader(text)
	header, err := rows.Read()
	if err != nil || len(header) < len(findingHeader) {
		return fmt.Errorf("read %s: not a findings table: %v", path, err)
	}
	for {
		r, err := rows.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		if err := f(Finding{GrowerID: r[0], ParcelID: r[1], Code: r[2], Severity: r[3], Detail: r[4], Numbers: r[5], Witnesses: r[6], DetailZH: r[7]}); err != nil {
			return err
		}
	}
}

// WriteCSV writes a table for people: UTF-8 with a byte-order mark.
func WriteCSV(path string, header []string, rows [][]string) error {
	return WriteFile(path, func(w io.Writer) error {
		if _, err := io.WriteString(w, bom); err != nil {
			return err
		}
		cw := csv.NewWriter(w)
		if err := cw.Write(header); err != nil {
			return err
		}
		return cw.WriteAll(rows)
	})
}

var decisionHeader = []string{"decision_id", "grower_id", "county", "season", "as_of", "outcome", "limit_fen", "binding",
	"tenor_end", "reasons", "credit_policy", "models", "rate_bp", "rests_on", "area_mu", "plots"}

func (d Decision) cells() []string {
	return []string{d.DecisionID, d.GrowerID, d.County, d.Season, d.AsOf, d.Outcome, strconv.FormatInt(d.LimitFen, 10), d.Binding,
		d.TenorEnd, d.Reasons, d.CreditPolicy, d.Models, strconv.Itoa(int(d.RateBP)), d.RestsOn,
		strconv.FormatFloat(d.AreaMu, 'f', 2, 64), d.Plots}
}

// WriteDecisions writes decisions.csv, .parquet and .xlsx.
func WriteDecisions(dir string, ds []Decision) error {
	rows := make([][]string, len(ds))
	for i, d := range ds {
		rows[i] = d.cells()
	}
	if err := WriteCSV(filepath.Join(dir, DecisionsCSV), decisionHeader, rows); err != nil {
		return err
	}
	if err := WriteParquet(filepath.Join(dir, DecisionsFile), ds); err != nil {
		return err
	}
	return writeXLSX(filepath.Join(dir, DecisionsXLSX), "decisions", decisionHeader, rows, map[string]bool{"limit_fen": true, "rate_bp": true, "area_mu": true})
}

// writeXLSX writes codes as text and the named columns as numbers, with fixed
// document dates so that equal rows give equal bytes.
func writeXLSX(path, sheet string, header []string, rows [][]string, numeric map[string]bool) error {
	x := excelize.NewFile()
	defer x.Close()
	if err := x.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	if err := x.SetDocProps(&excelize.DocProperties{Creator: "parus", Created: "2000-01-01T00:00:00Z", Modified: "2000-01-01T00:00:00Z"}); err != nil {
		return err
	}
	sw, err := x.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	line := make([]any, len(header))
	for i, h := range header {
		line[i] = h
	}
	if err := sw.SetRow("A1", line); err != nil {
		return err
	}
	for r, row := range rows {
		for i, c := range row {
			line[i] = c
			if numeric[header[i]] {
				if v, err := strconv.ParseFloat(c, 64); err == nil {
					line[i] = v
				}
			}
		}
		if err := sw.SetRow("A"+strconv.Itoa(r+2), line); err != nil {
			return err
		}
	}
	if err := sw.Flush(); err != nil {
		return err
	}
	return WriteFile(path, func(w io.Writer) error { return x.Write(w) })
}
