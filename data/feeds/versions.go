package feeds

import (
	"context"
	"fmt"
	"strconv"

	"github.com/parus-lending/parus/parcels"
)

// versions are the states of each record that the store holds: when each was
// received, and its checksum.
type versions struct {
	last  hashes // key → the state added last
	all   []version
	times hashes // checksum of a row without key → how often it came in this file
}

type version struct {
	sum      uint64
	received int32
	before   int32 // the state added before it, −1 = none
}

type comparison int

const (
	newRow         comparison = iota // no row has its key
	newerRow                         // it replaces an older state, or fills in an earlier one
	sameRow                          // the state that holds on its received day says the same
	conflictingRow                   // a state received on the same day says otherwise
)

// readVersions reads the store's file of a feed.
func readVersions(ctx context.Context, lay Layout, opt Options) (*versions, error) {
	v := &versions{}
	s, err := openStored(ctx, lay, Options{Store: opt.Store})
	if s == nil || err != nil {
		return v, err
	}
	r := s.newRow()
	err = batches(ctx, s.table.each, func(l line, i int) error {
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
		v.add(v.keyOf(r.key(), sum), n, dayNumber(r.received()))
		return nil
	})
	v.times = hashes{}
	return v, err
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

// keyOf tells rows without a key apart by their content and how often it came.
func (v *versions) keyOf(key, sum string) string {
	if key != "" {
		return key
	}
	n, _ := v.times.get(sum)
	v.times.put(sum, n+1)
	return "\x01" + sum + strconv.Itoa(int(n))
}

func (v *versions) add(key string, sum uint64, received int32) {
	before := int32(-1)
	if at, ok := v.last.get(key); ok {
		before = int32(at)
	}
	v.last.put(key, uint32(len(v.all)))
	v.all = append(v.all, version{sum, received, before})
}

// compare says what a row is to the store. No two rows of a file share a key, so
// it need not be taken in.
func (v *versions) compare(key, sum string, received parcels.Date) comparison {
	key = v.keyOf(key, sum)
	n, _ := strconv.ParseUint(sum, 16, 64)
	day := dayNumber(received)
	at, known := v.last.get(key)
	if !known {
		return newRow
	}
	holds := int32(-1) // the state received last, up to the row's day
	for i := int32(at); i >= 0; i = v.all[i].before {
		if x := v.all[i]; x.received <= day && (holds < 0 || x.received > v.all[holds].received) {
			holds = i
		}
	}
	switch {
	case holds >= 0 && v.all[holds].sum == n:
		return sameRow
	case holds >= 0 && v.all[holds].received == day:
		return conflictingRow
	}
	return newerRow
}
