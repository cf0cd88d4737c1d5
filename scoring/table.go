package scoring

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"unsafe"
)

// digest is the SHA-256 of all that a row holds.
type digest [sha256.Size]byte

// table is a feed's rows in a fixed order, with each grower's and each parcel's
// rows. What it gives points into it: nobody changes a row.
type table[T any] struct {
	rows    []T
	digests []digest
	growers lookup[T]
	land    lookup[T]
}

// of are the rows of a grower, on the rows on a parcel, in the table's order.
func (t *table[T]) of(grower string) []*T { return t.growers.of(grower) }
func (t *table[T]) on(parcel string) []*T { return t.land.of(parcel) }

// byGrower visits the growers who have rows, by name; byParcel the parcels; all
// every row: for g, rows := range t.byGrower …
func (t *table[T]) byGrower(visit func(string, []*T) bool) { t.growers.each(visit) }
func (t *table[T]) byParcel(visit func(string, []*T) bool) { t.land.each(visit) }
func (t *table[T]) all(visit func(*T) bool) {
	for i := range t.rows {
		if !visit(&t.rows[i]) {
			return
		}
	}
}

// row is the place of a row that the table gave.
func (t *table[T]) row(r *T) int32 {
	return int32((uintptr(unsafe.Pointer(r)) - uintptr(unsafe.Pointer(unsafe.SliceData(t.rows)))) / unsafe.Sizeof(*r))
}

// names are numbered in the order of their letters, so that sorted numbers are
// sorted names.
type names struct {
	list []string
	no   map[string]int32
}

// number sorts and numbers the keys that have been collected.
func number(keys map[string]int32) *names {
	n := &names{list: sortedKeys(keys), no: keys}
	for i, k := range n.list {
		keys[k] = int32(i)
	}
	return n
}

// nobody is the number of a name that stands nowhere.
const nobody = -1

func (n *names) of(name string) int32 {
	if i, ok := n.no[name]; ok {
		return i
	}
	return nobody
}

// lookup finds rows by a name that they carry.
type lookup[T any] struct {
	names *names
	start []int32 // by name's number: where its rows begin; one more at the end
	rows  []*T
	nums  []int32 // of rows in the table

	ofRow   []int32 // by row: where its names begin in carried
	carried []int32 // numbers of the names that rows carry, row by row
}

func (l *lookup[T]) at(n int32) []*T {
	if n < 0 || l.rows == nil {
		return nil
	}
	return l.rows[l.start[n]:l.start[n+1]:l.start[n+1]]
}

func (l *lookup[T]) numsAt(n int32) []int32 {
	if n < 0 || l.rows == nil {
		return nil
	}
	return l.nums[l.start[n]:l.start[n+1]]
}

func (l *lookup[T]) of(name string) []*T {
	if l.rows == nil {
		return nil
	}
	return l.at(l.names.of(name))
}

func (l *lookup[T]) each(yield func(string, []*T) bool) {
	if l.rows == nil {
		return
	}
	for n := range l.names.list {
		if rows := l.at(int32(n)); len(rows) > 0 && !yield(l.names.list[n], rows) {
			return
		}
	}
}

// namesOf are the numbers of the names that a row carries.
func (l *lookup[T]) namesOf(row int32) []int32 {
	if l.ofRow == nil {
		return nil
	}
	return l.carried[l.ofRow[row]:l.ofRow[row+1]]
}

// tabulate keeps the rows known on asOf and sorts them by all they hold, so
// that the order in which they came changes nothing.
func tabulate[T any](rows []T, asOf Date, k *kind[T]) table[T] {
	var t table[T]
	type keyed struct {
		row      int32
		from, to int
	}
	if len(rows) == 0 {
		return t
	}
	keys := make([]keyed, 0, len(rows))
	text := make([]byte, 0, 256*len(rows))
	comma := false
	lead := func(id string) {
		if comma {
			text = append(text, ',')
		}
		text, comma = append(text, id...), true
	}
	for i := range rows {
		if !k.prov(&rows[i]).KnownOn(asOf) {
			continue
		}
		from := len(text)
		comma = false
		switch {
		case k.land != nil:
			k.land(&rows[i], lead)
		case k.crop != nil:
			text = append(text, k.crop(&rows[i])...)
		}
		text = k.text.append(append(text, 0), &rows[i])
		keys = append(keys, keyed{int32(i), from, len(text)})
	}
	if len(keys) == 0 {
		return t
	}
	slices.SortFunc(keys, func(a, b keyed) int { return bytes.Compare(text[a.from:a.to], text[b.from:b.to]) })
	t.rows, t.digests = make([]T, len(keys)), make([]digest, len(keys))
	for i, key := range keys {
		t.rows[i] = rows[key.row]
		t.digests[i] = sha256.Sum256(text[key.from:key.to])
	}
	return t
}

// collect notes the names that rows carry.
func collect[T any](t *table[T], k *kind[T], growers, land map[string]int32) {
	for i := range t.rows {
		if k.growers != nil {
			k.growers(&t.rows[i], func(s string) { growers[s] = 0 })
		}
		if k.land != nil {
			k.land(&t.rows[i], func(s string) { land[s] = 0 })
		}
	}
}

// place makes the lookups of a table once all names have their numbers.
func place[T any](t *table[T], k *kind[T], growers, land *names) {
	t.growers.fill(t.rows, growers, k.growers)
	t.land.fill(t.rows, land, k.land)
}

func (l *lookup[T]) fill(rows []T, n *names, carried func(*T, func(string))) {
	if l.names = n; carried == nil || len(rows) == 0 {
		return
	}
	l.ofRow = make([]int32, 1, len(rows)+1)
	l.carried = make([]int32, 0, len(rows))
	l.start = make([]int32, len(n.list)+1)
	for i := range rows {
		first := len(l.carried)
		carried(&rows[i], func(s string) {
			if no := n.no[s]; s != "" && !slices.Contains(l.carried[first:], no) {
				l.carried = append(l.carried, no)
				l.start[no+1]++
			}
		})
		l.ofRow = append(l.ofRow, int32(len(l.carried)))
	}
	for i := range n.list {
		l.start[i+1] += l.start[i]
	}
	l.rows, l.nums = make([]*T, len(l.carried)), make([]int32, len(l.carried))
	next := slices.Clone(l.start)
	for i := range rows {
		for _, no := range l.namesOf(int32(i)) {
			l.rows[next[no]], l.nums[next[no]] = &rows[i], int32(i)
			next[no]++
		}
	}
}
