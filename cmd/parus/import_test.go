package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/identity"
)

// The command as an operator gives it: a good and a bad row, then the same file
// again; nothing that names the person stands in the store.
func TestImport(t *testing.T) {
	dir := t.TempDir()
	key, store, file := filepath.Join(dir, "identity.key"), filepath.Join(dir, "records"), filepath.Join(dir, "machines.csv")
	if err := identity.NewKeyFile(key, 1); err != nil {
		t.Fatal(err)
	}
	who := identity.IDCard("000000", time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC), 1)
	if err := os.WriteFile(file, []byte("机具编号,身份证号,机具类别,功率千瓦\nM1,"+who+",拖拉机,58.8\nM2,"+who[:17]+"?,拖拉机,58.8\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"import", "machinery", file, "--into", store, "--key", key, "--code", "341523", "--received", "2024-05-01"}
	var before string
	for range 2 {
		if rc := run(args); rc != 0 {
			t.Fatalf("exit code %d", rc)
		}
		text := ""
		for _, name := range []string{"machinery.csv", "imports.csv", "rejects/machinery-machines.csv.csv"} {
			b, err := os.ReadFile(filepath.Join(store, name))
			if err != nil {
				t.Fatal(err)
			}
			text += string(b)
		}
		if !strings.Contains(text, "M1,") || !strings.Contains(text, ",tractor,58.8,") || !strings.Contains(text, ",2024-05-01,agriculture_bureau,") || !strings.Contains(text, "machinery,machines.csv,3,身份证号,") || strings.Contains(text, who[:17]) {
			t.Errorf("the store holds\n%s", text)
		}
		if before != "" && text != before {
			t.Errorf("the second import changed\n%s\nto\n%s", before, text)
		}
		before = text
	}
	for _, bad := range [][]string{{"import", "machinery", file}, {"import", "machinery", file, "--into", store, "--key", key, "--received", "soon"}} {
		if rc := run(bad); rc != 2 {
			t.Errorf("%v: exit code %d, want 2", bad, rc)
		}
	}
	if rc := run([]string{"import", "tractors", file, "--into", store, "--key", key}); rc != 1 {
		t.Errorf("a feed that is not known: exit code %d", rc)
	}
}
