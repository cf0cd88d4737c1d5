package feeds

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// locked makes the store's folder and keeps other imports out of it while do
// runs. The lock goes with the process.
func locked(store string, do func() error) error {
	if store == "" {
		return errors.New("import: no folder is named to import into: set store in the county file, or give --into DIR")
	}
	if err := os.MkdirAll(store, 0o750); err != nil {
		return fmt.Errorf("import into %s: %w", store, err)
	}
	f, err := os.OpenFile(filepath.Join(store, ".lock"), os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return fmt.Errorf("import into %s: %w", store, err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return fmt.Errorf("import into %s: another import is at work there: wait for it to end", store)
	}
	if err := sweep(store); err != nil {
		return err
	}
	return do()
}
