package models_test

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// sharedFolder is a folder of the data kept beside the repository.
func sharedFolder(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("PARUS_TEST_DATA")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	dir := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
		}
		t.Skipf("shared test data are missing: %v (set PARUS_TEST_DATA)", err)
	}
	return dir
}

// numbers reads a CSV without a header; "NaN" is NaN.
func numbers(t *testing.T, name string) [][]float64 {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make([][]float64, len(rows))
	for i, r := range rows {
		for _, s := range r {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatalf("%s line %d: %v", name, i+1, err)
			}
			out[i] = append(out[i], v)
		}
	}
	return out
}

var nan = math.NaN()
