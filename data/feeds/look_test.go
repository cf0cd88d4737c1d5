package feeds

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// lotsCSV is a list of policies in which keys come again, with the same and with
// other content and days, among them rows that are bad by themselves.
func lotsCSV(t testing.TB, seed uint64, rows int) string {
	r := rand.New(rand.NewPCG(seed, 7))
	var b strings.Builder
	b.WriteString(strings.Join(policyHead, ",") + "\n")
	for range rows {
		cells := policyCells(r.IntN(rows / 2))
		cells[3] = []string{"5", "6.5", "x"}[min(r.IntN(12), 2)%3]
		if r.IntN(3) > 0 {
			cells[3] = "5"
		}
		cells[9] = fmt.Sprintf("2024-05-%02d", 2+r.IntN(4)/3*r.IntN(3))
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return save(t, "policies.csv", b.String())
}

// debtsCSV has debts with and without a number; those without come several times.
func debtsCSV(t testing.TB, seed uint64, rows int) string {
	r := rand.New(rand.NewPCG(seed, 8))
	var b strings.Builder
	b.WriteString("debt_id,id_number,lender,outstanding_yuan,due,received\n")
	for range rows {
		id := ""
		if r.IntN(3) == 0 {
			id = fmt.Sprintf("D%d", r.IntN(rows/4))
		}
		fmt.Fprintf(&b, "%s,%s,县农商行,%d,2025-01-01,2024-05-%02d\n", id, zhang, 1000*(1+r.IntN(5)), 2+r.IntN(3))
	}
	return save(t, "debts.csv", b.String())
}

// namedRoster names people, and among its products stand names of later rows.
func namedRoster(rows int) string {
	var b strings.Builder
	b.WriteString("id_number,name,kind,product\n")
	for i := range rows {
		product := "season"
		if i%3 == 0 {
			product = fmt.Sprintf("Great Tit %d", i+rows/3)
		}
		fmt.Fprintf(&b, "%s,Great Tit %d,person,%s\n", policyCells(i)[1], i, product)
	}
	return b.String()
}

// However little is held in memory, from two marks on, the store, the rejects, the
// ledger and what is reported are the same.
func TestAnyBoundGivesTheSameStore(t *testing.T) {
	files := []struct{ feed, path string }{
		{"roster", save(t, "roster.csv", namedRoster(40))},
		{"policies", lotsCSV(t, 1, 300)}, {"debts", debtsCSV(t, 1, 200)}, {"policies", lotsCSV(t, 2, 300)}, {"debts", debtsCSV(t, 2, 200)},
		{"policies", lotsCSV(t, 1, 300)}, {"debts", debtsCSV(t, 1, 200)},
	}
	var want map[string]string
	var wantSaid []Imported
	for _, held := range []int{0, 1, 200, 4000} {
		opt := options(t, filepath.Join(t.TempDir(), "store"))
		opt.held = held
		var said []Imported
		outcomes := map[string]int{}
		for _, f := range files {
			i, err := Import(context.Background(), f.feed, f.path, opt)
			if err != nil {
				t.Fatal(err)
			}
			outcomes["new"] += i.New - i.Newer
			outcomes["newer"] += i.Newer
			outcomes["same"] += i.Unchanged
			b, _ := os.ReadFile(i.Rejects)
			outcomes["conflicting"] += strings.Count(string(b), "the store has a row")
			outcomes["repeated"] += strings.Count(string(b), "has the same")
			outcomes["bad"] += strings.Count(string(b), "投保面积亩")
			if i.Rejects != "" {
				i.Rejects = filepath.Base(i.Rejects)
			}
			said = append(said, *i)
			if f.feed == "roster" && i.OfRoster != 1 {
				t.Errorf("the roster names %v of its own growers", i.OfRoster)
			}
		}
		for _, o := range []string{"new", "newer", "same", "conflicting", "repeated", "bad"} {
			if outcomes[o] < 10 {
				t.Fatalf("the files try too little: %v", outcomes)
			}
		}
		got := folder(t, opt.Store)
		if n := strings.Count(got["roster.csv"], ",private-"); n != 9 { // rows 0, 3 … 24 of 40 name rows 13 … 37; 27 … 39 name rows that are not there
			t.Errorf("held %d: %d names in the roster are hidden, wanted 9:\n%s", held, n, got["roster.csv"])
		}
		if want == nil {
			want, wantSaid = got, said
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("held %d: the store differs:\n%s", held, d)
		}
		if d := cmp.Diff(wantSaid, said); d != "" {
			t.Errorf("held %d: what is said differs:\n%s", held, d)
		}
	}
}

// Outcomes against their definitions, looked up row by row among all others.
func TestOutcomesAreAsDefined(t *testing.T) {
	type item struct {
		key string
		sum uint64
		day int32
	}
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 9))
		some := func(n int) (out []item) {
			for range n {
				out = append(out, item{[]string{"", "a", "b", "c", "d", "e", "f"}[r.IntN(7)], uint64(1 + r.IntN(3)), int32(20240501 + r.IntN(4))})
			}
			return out
		}
		store, file := some(r.IntN(40)), some(r.IntN(40))
		k := newLook(&aside{dir: t.TempDir(), most: int(r.IntN(2000)), temp: nameless})
		for _, x := range store {
			if err := k.stored(x.key, x.sum, x.day); err != nil {
				t.Fatal(err)
			}
		}
		for i, x := range file {
			if err := k.row(i+2, x.key, x.sum, x.day, []byte{byte(i)}); err != nil {
				t.Fatal(err)
			}
		}
		want := func(i int) (outcome, int) {
			x := file[i]
			times := 0 // a row without key has come before
			for j, y := range file[:i] {
				if x.key != "" && y.key == x.key {
					return repeatedRow, j + 2
				}
				if x == y || x.key == "" && y.key == "" && x.sum == y.sum {
					times++
				}
			}
			var states []item
			for _, y := range store {
				if y.key == x.key && (x.key != "" || y.sum == x.sum) {
					states = append(states, y)
				}
			}
			if x.key == "" {
				if times >= len(states) {
					return newRow, 0
				}
				states = states[times : times+1]
			}
			if len(states) == 0 {
				return newRow, 0
			}
			for day := x.day; day > 0; day-- { // the state that holds on the row's day
				for j := len(states) - 1; j >= 0; j-- {
					if y := states[j]; y.day == day {
						switch {
						case y.sum == x.sum:
							return sameRow, 0
						case day == x.day:
							return conflictingRow, 0
						}
						return newerRow, 0
					}
				}
				if day < 20240501 {
					break
				}
			}
			return newerRow, 0
		}
		found, err := k.settle()
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		err = k.again(found, func([]byte) error { return errors.New("nothing was rejected") }, func(got kept, o outcome, first int) error {
			w, f := want(n)
			if o != w || o == repeatedRow && first != f || got.row != n+2 || got.line[0] != byte(n) || got.day != file[n].day {
				t.Errorf("seed %d: row %d is %d after row %d, wanted %d after %d", seed, got.row, o, first, w, f)
			}
			n++
			return nil
		})
		if err != nil || n != len(file) {
			t.Fatalf("%d of %d rows: %v", n, len(file), err)
		}
		k.marks.in.close()
	}
}

// Personal texts are found in memory and on disk alike, and no others.
func TestSecretsOnDisk(t *testing.T) {
	const n = 30_000
	s := &secrets{tally: tally{in: &aside{dir: t.TempDir(), most: 50_000, temp: nameless}}}
	defer s.in.close()
	for i := range n {
		s.add(fmt.Sprint("name ", i*7%n))
		s.add(fmt.Sprint("name ", i))
	}
	if err := s.settle(); err != nil || s.file == nil || len(s.fences) != (n+511)/512 || s.now.n > 0 {
		t.Fatalf("%v, %d blocks, %d in memory", err, len(s.fences), s.now.n)
	}
	for i := range n {
		if !s.has(fmt.Sprint("name ", i)) || s.has(fmt.Sprint("other ", i)) {
			t.Fatal(i)
		}
	}
	s.file.Close()
	if !s.has("name 5") || s.err == nil {
		t.Error("a file that cannot be read hides nothing, or says nothing")
	}
}

// More runs than are read at once: they are merged, and the order stays.
func TestSorterMergesItsRuns(t *testing.T) {
	s := &sorter{in: &aside{dir: t.TempDir(), temp: nameless}}
	defer s.in.close()
	const n = 1000 // two marks a run
	for i := range n {
		if err := s.add(mark{hash: uint64(i * 617 % n), number: uint32(i)}); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.runs) > mostRuns+1 || len(s.in.files) != len(s.runs) {
		t.Errorf("%d runs, %d files", len(s.runs), len(s.in.files))
	}
	for range 2 {
		next := uint64(0)
		err := s.each(func(m mark) error {
			if m.hash != next || uint64(m.number)*617%n != m.hash {
				return fmt.Errorf("%+v in place %d", m, next)
			}
			next++
			return nil
		})
		if err != nil || next != n {
			t.Fatal(next, err)
		}
	}
}

// A full disk (the kernel's /dev/full), whichever of the files kept aside meets it:
// the error says what to do, and the store is as it was.
func TestFullDiskLeavesTheStore(t *testing.T) {
	opt := options(t, filepath.Join(t.TempDir(), "store"))
	if _, err := Import(context.Background(), "policies", lotsCSV(t, 1, 300), opt); err != nil {
		t.Fatal(err)
	}
	before := folder(t, opt.Store)
	next := lotsCSV(t, 2, 300)
	for full := 0; ; full++ {
		n := 0
		opt.held = 2000
		opt.temp = func(dir string) (*os.File, error) {
			if n++; n-1 == full {
				return os.OpenFile("/dev/full", os.O_RDWR, 0)
			}
			return nameless(dir)
		}
		i, err := Import(context.Background(), "policies", next, opt)
		if err == nil {
			if full < 12 || i.New == 0 {
				t.Errorf("only %d files were kept aside", full)
			}
			return
		}
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "make room on the disk") || strings.Count(err.Error(), "import policies") != 1 {
			t.Errorf("file %d: %v", full, err)
		}
		if d := cmp.Diff(before, folder(t, opt.Store)); d != "" {
			t.Fatalf("file %d: the store changed:\n%s", full, d)
		}
	}
}

const childStore = "PARUS_TEST_IMPORT_INTO"

// TestImportChild is the process that TestKilledImport kills.
func TestImportChild(t *testing.T) {
	store := os.Getenv(childStore)
	if store == "" {
		t.Skip("it is run by TestKilledImport")
	}
	opt := options(t, store)
	opt.held = 20_000
	var left int
	_, _ = fmt.Sscan(os.Getenv(childStore+"_FILES"), &left)
	opt.temp = func(dir string) (*os.File, error) {
		if left--; left == 0 {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
		return nameless(dir)
	}
	if _, err := Import(context.Background(), "policies", os.Getenv(childStore+"_FILE"), opt); err != nil {
		t.Fatal(err)
	}
}

// An import is killed as it keeps its first, second … file aside, and at many times
// between its start and its end. The store's feed is as it was or has the whole
// file; the next import makes it whole and leaves nothing of the killed one.
func TestKilledImport(t *testing.T) {
	first, second := lotsCSV(t, 1, 1500), lotsCSV(t, 2, 1500)
	whole := options(t, filepath.Join(t.TempDir(), "store"))
	var states []string
	for _, f := range []string{first, second} {
		if _, err := Import(context.Background(), "policies", f, whole); err != nil {
			t.Fatal(err)
		}
		states = append(states, folder(t, whole.Store)["policies.csv"])
	}
	try := func(files int, after time.Duration) (killed bool, took time.Duration) {
		opt := options(t, filepath.Join(t.TempDir(), "store"))
		if _, err := Import(context.Background(), "policies", first, opt); err != nil {
			t.Fatal(err)
		}
		c := exec.Command(os.Args[0], "-test.run=^TestImportChild$")
		c.Env = append(os.Environ(), childStore+"="+opt.Store, childStore+"_FILE="+second, fmt.Sprintf("%s_FILES=%d", childStore, files))
		start := time.Now()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if after > 0 {
			time.Sleep(after)
			_ = c.Process.Kill()
		}
		killed = c.Wait() != nil
		took = time.Since(start)
		if got := folder(t, opt.Store)["policies.csv"]; got != states[0] && got != states[1] {
			t.Errorf("killed at file %d, after %v: the store is not whole", files, after)
		}
		if _, err := Import(context.Background(), "policies", second, opt); err != nil {
			t.Fatal(err)
		}
		got := folder(t, opt.Store)
		if got["policies.csv"] != states[1] {
			t.Errorf("killed at file %d, after %v: the next import does not make the store whole", files, after)
		}
		for name := range got {
			if strings.Contains(name, ".tmp-") {
				t.Errorf("killed at file %d, after %v: %s is left", files, after, name)
			}
		}
		return killed, took
	}
	files := 1
	for killed := true; killed; files++ {
		killed, _ = try(files, 0)
	}
	if files < 6 {
		t.Errorf("killed at %d files only", files)
	}
	_, took := try(0, 0)
	for i := range 10 {
		try(0, took*time.Duration(i+1)/11)
	}
}
