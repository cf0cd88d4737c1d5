package feeds

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/parus-lending/parus/data/identity"
	"github.com/xuri/excelize/v2"
)

// policyCells is row i of a made-up list of policies: 200,000 growers by ID
// number, a parcel each; one row in a hundred has a wrong check digit.
func policyCells(i int) []string {
	who := identity.IDCard("000000", time.Date(1950+i%50, time.Month(1+i/50%12), 1+i/600%28, 0, 0, 0, 0, time.UTC), i/16800%12)
	if i%100 == 99 {
		who = who[:17] + strconv.Itoa((int(who[17]-'0')+1)%10)
	}
	return []string{"PDZA2024" + fmt.Sprintf("%012d", i), who, []string{"水稻", "玉米", "小麦"}[i%3], strconv.FormatFloat(1+float64(i%977)/10, 'f', 2, 64),
		fmt.Sprintf("34152310%011d", 20100001+i), "700", "县农商行", "2024-04-15", "2024-10-31", "2024-05-02"}
}

var policyHead = []string{"保单号", "身份证号", "投保作物", "投保面积亩", "地块编码", "每亩保额元", "第一受益人", "保险起期", "保险止期", "收到日期"}

func policiesCSV(t testing.TB, rows int) string {
	path := filepath.Join(t.TempDir(), "policies.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, strings.Join(policyHead, ","))
	for i := range rows {
		fmt.Fprintln(w, strings.Join(policyCells(i), ","))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	return path
}

func policiesXLSX(t testing.TB, rows int) string {
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows + 1 {
		cells := policyHead
		if i > 0 {
			cells = policyCells(i - 1)
		}
		row := make([]any, len(cells))
		for k, c := range cells {
			row[k] = c
		}
		at, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := w.SetRow(at, row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "policies.xlsx")
	if err := w.Flush(); err == nil {
		err = f.SaveAs(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// BenchmarkImport brings policies into an empty store and then once more, when
// nothing is new, from CSV and XLSX. PARUS_BENCH_ROWS is the number of rows
// (default 20,000); a quarter of it and twice as many (for CSV, as a sheet ends at
// 1,048,576) show by their peaks whether memory grows.
func BenchmarkImport(b *testing.B) {
	most, err := strconv.Atoi(os.Getenv("PARUS_BENCH_ROWS"))
	if err != nil {
		most = 20_000
	}
	for _, rows := range []int{most / 4, most, 2 * most} {
		for format, make := range map[string]func(testing.TB, int) string{"csv": policiesCSV, "xlsx": policiesXLSX} {
			if format == "xlsx" && rows > excelize.TotalRows {
				continue
			}
			b.Run(fmt.Sprintf("%s/%d", format, rows), func(b *testing.B) {
				path := make(b, rows)
				for b.Loop() {
					opt := options(b, b.TempDir())
					for _, again := range []string{"", "again-"} {
						top := watchMemory(b)
						start, cpu := time.Now(), cpuSeconds()
						i, err := Import(context.Background(), "policies", path, opt)
						if err != nil || i.Loaded != rows-rows/100 || i.Rejected != rows/100 || again != "" && i.New != 0 {
							b.Fatalf("%+v %v", i, err)
						}
						b.ReportMetric(time.Since(start).Seconds(), again+"s")
						b.ReportMetric(cpuSeconds()-cpu, again+"cpu-s")
						b.ReportMetric(top()/1e6, again+"peak-MB")
					}
				}
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// watchMemory gives the most memory that the process had resident from now on
// (VmHWM of Linux), in bytes.
func watchMemory(t testing.TB) func() float64 {
	for range 3 { // what pools keep goes at the second
		debug.FreeOSMemory()
	}
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil {
		t.Logf("the peak is that of the process since it began: %v", err)
	}
	return func() float64 {
		b, err := os.ReadFile("/proc/self/status")
		if err != nil {
			return 0
		}
		_, after, _ := strings.Cut(string(b), "VmHWM:")
		var kb float64
		_, _ = fmt.Sscan(after, &kb)
		return kb * 1024
	}
}
