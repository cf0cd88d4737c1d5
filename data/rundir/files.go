package rundir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/parquet-go/parquet-go"
)

// Names of the files of a run.
const (
	InfoFile                 = "run.json"
	ScenesFile               = "scenes.json"
	PlotsFile                = "plots.parquet"
	ObservationsFolder       = "observations"
	SeriesFile               = "series.parquet"
	CyclesFile               = "cycles.parquet"
	ParcelsGPKG              = "parcels.gpkg"
	ParcelsFile              = "parcels.parquet"
	EvidenceFile             = "evidence.json.gz"
	AreasFile                = "areas.parquet"
	AgreementFile            = "agreement.parquet"
	TenureFile               = "tenure.parquet"
	PastFile                 = "past.parquet"
	FindingsFile             = "findings.csv"
	DecisionsCSV             = "decisions.csv"
	DecisionsFile            = "decisions.parquet"
	DecisionsXLSX            = "decisions.xlsx"
	ReportFile               = "report.html"
	RejectsFile              = "rejects.csv"
	CacheFolder              = "cache"
	rowsPerGroup       int64 = 100_000
)

// WriteFile writes path through a temporary name in the same folder, so that
// no reader and no second process ever sees half a file. The temporary name is
// hidden and matches no glob a user would write.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("make folder for %s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".tmp-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	if err = write(f); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// WriteParquet writes rows as one Parquet file (zstd). Equal rows give equal
// bytes. meta are key-value pairs of the file's footer.
func WriteParquet[T any](path string, rows []T, meta ...[2]string) error {
	return WriteFile(path, func(w io.Writer) error { return EncodeParquet(w, rows, meta...) })
}

// EncodeParquet is WriteParquet into a writer.
func EncodeParquet[T any](w io.Writer, rows []T, meta ...[2]string) error {
	opts := []parquet.WriterOption{
		parquet.Compression(&parquet.Zstd),
		parquet.CreatedBy("parus", "", ""),
		parquet.MaxRowsPerRowGroup(rowsPerGroup),
	}
	for _, kv := range meta {
		opts = append(opts, parquet.KeyValueMetadata(kv[0], kv[1]))
	}
	pw := parquet.NewGenericWriter[T](w, opts...)
	if _, err := pw.Write(rows); err != nil {
		return err
	}
	return pw.Close()
}

// ReadParquet reads a whole file. A missing file is an error that satisfies
// errors.Is(err, fs.ErrNotExist).
func ReadParquet[T any](path string) ([]T, error) {
	rows, err := parquet.ReadFile[T](path)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return rows, nil
}

// WriteInfo writes run.json.
func WriteInfo(dir string, info Info) error { return writeJSON(filepath.Join(dir, InfoFile), info) }

// WriteScenes writes scenes.json.
func WriteScenes(dir string, scenes []SeenScene) error {
	return writeJSON(filepath.Join(dir, ScenesFile), scenes)
}

// ReadScenes reads scenes.json; a run of an earlier version has none, which
// satisfies errors.Is(err, fs.ErrNotExist).
func ReadScenes(dir string) (out []SeenScene, err error) {
	path := filepath.Join(dir, ScenesFile)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return out, nil
}

func writeJSON(path string, v any) error {
	return WriteFile(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetIndent("", " ")
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	})
}

// ReadInfo reads run.json.
func ReadInfo(dir string) (Info, error) {
	var info Info
	path := filepath.Join(dir, InfoFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return info, fmt.Errorf("%s is not the folder of a finished run: it has no %s: %w", dir, InfoFile, err)
	}
	if err != nil {
		return info, err
	}
	if err := json.Unmarshal(b, &info); err != nil {
		return info, fmt.Errorf("read %s: %w", path, err)
	}
	return info, nil
}

// ReadPlots reads plots.parquet.
func ReadPlots(dir string) ([]Plot, error) { return ReadParquet[Plot](filepath.Join(dir, PlotsFile)) }

// ReadCycles reads cycles.parquet.
func ReadCycles(dir string) ([]Cycle, error) {
	return ReadParquet[Cycle](filepath.Join(dir, CyclesFile))
}

// ReadDecisions reads decisions.parquet.
func ReadDecisions(dir string) ([]Decision, error) {
	return ReadParquet[Decision](filepath.Join(dir, DecisionsFile))
}
