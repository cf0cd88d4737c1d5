package feeds

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// waitStep is how often one who waits looks whether the store is free.
const waitStep = 100 * time.Millisecond

// locked makes the store's folder and keeps other imports out of it while do
// runs. The lock goes with the process.
func locked(ctx context.Context, opt Options, do func() error) error {
	store := opt.Store
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
	for syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		if !opt.Wait {
			return fmt.Errorf("import into %s: another import is at work there: wait for it to end", store)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("import into %s: another import is at work there: %w", store, ctx.Err())
		case <-time.After(waitStep):
		}
	}
	if err := sweep(store); err != nil {
		return err
	}
	return do()
}
