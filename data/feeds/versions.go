package feeds

import (
	"context"
	"fmt"
	"strconv"
)

// readStates takes the states that the store has of a feed into a look.
func (k *look) readStates(ctx context.Context, lay Layout, opt Options) error {
	s, err := openStored(ctx, lay, Options{Store: opt.Store})
	if s == nil || err != nil {
		return err
	}
	r := s.newRow()
	return batches(ctx, s.table.each, func(l line, i int) error {
		if i < s.head || blank(l) {
			return nil
		}
		r.start(l)
		for _, k := range lay.Key {
			text, _ := r.raw(storedName(k))
			r.set(k, text)
		}
		sum, _ := r.raw("checksum")
		n, err := strconv.ParseUint(sum, 16, 64)
		if err != nil || len(sum) != 16 {
			return fmt.Errorf("read %s: row %d has no checksum: the store's files are written by parus import alone", s.input.Path, l.number)
		}
		return k.stored(r.key(), n, dayNumber(r.received()))
	})
}

// storedName is the column of the store that holds a part of a key.
func storedName(key string) string {
	switch key {
	case "person":
		return "grower_id"
	case "from":
		return "from_grower_id"
	case "to":
		return "to_grower_id"
	}
	return key
}
