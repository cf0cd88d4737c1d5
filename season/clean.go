package season

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/parus-lending/parus/data/rundir"
)

// Clean removes the cache of a run and half-written files of killed runs, and
// returns the bytes freed. The public files stay.
func Clean(out string) (freed int64, err error) {
	_, errInfo := os.Stat(filepath.Join(out, rundir.InfoFile))
	_, errCache := os.Stat(cacheDir(out))
	if errInfo != nil && errCache != nil {
		return 0, fmt.Errorf("%s is not the folder of a run: it has neither %s nor %s/", out, rundir.InfoFile, rundir.CacheFolder)
	}
	err = filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		inTemp := strings.Contains(path, string(filepath.Separator)+".tmp-")
		inCache := strings.HasPrefix(path, cacheDir(out)+string(filepath.Separator))
		if !inCache && !inTemp {
			return nil
		}
		if st, err := d.Info(); err == nil {
			freed += st.Size()
		}
		return os.Remove(path)
	})
	if err != nil {
		return freed, err
	}
	left, err := filepath.Glob(filepath.Join(out, ".tmp-*"))
	if err != nil {
		return freed, err
	}
	for _, dir := range left {
		if err := os.RemoveAll(dir); err != nil {
			return freed, err
		}
	}
	return freed, os.RemoveAll(cacheDir(out))
}
