package api

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever a file is called, its name stays in its folder and can be written.
func FuzzSafeName(f *testing.F) {
	for _, name := range []string{"a.csv", "../../etc/passwd", `..\x`, "..", "", "保单.xlsx", "a\x00b", strings.Repeat("长", 99), "\xff\xfe", " . "} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := safeName(name)
		if got == "" || len(got) > 120 || !utf8.ValidString(got) || got != filepath.Base(got) || got[0] == '.' || strings.ContainsAny(got, "/\\\x00\n\r") || safeName(got) != got {
			t.Errorf("%q becomes %q", name, got)
		}
	})
}

// A rejects file that was tampered with, or a cursor of one's own, is an error or a
// page of rows.
func FuzzReadRejects(f *testing.F) {
	f.Add([]byte("\ufefffeed,file,row,column,value,reason,advice\nlists,a.csv,3,id_number,x,it is not a day,fill it in\n"), int64(0))
	f.Add([]byte("\ufefffeed,file,row,column,value,reason,advice\nlists,a.csv,3,id_number,x,it is not a day,fill it in\nlists,a.csv,,,,y,z\n"), int64(46))
	f.Fuzz(func(t *testing.T, file []byte, from int64) {
		if from < 0 {
			return
		}
		rows, err := readRejects(bytes.NewReader(file), from, 3)
		if len(rows) > 3 || err != nil && rows != nil {
			t.Errorf("%d rows, %v", len(rows), err)
		}
		for _, r := range rows {
			if r.at <= from || r.at > int64(len(file)) {
				t.Errorf("a row ends at %d of %d", r.at, len(file))
			}
		}
	})
}
