package tiles

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/klauspost/compress/gzip"
)

// Address names a tile as all web maps do: y grows to the south.
type Address struct{ Z, X, Y int32 }

// Valid says whether there can be such a tile.
func (a Address) Valid() bool {
	return a.Z >= LeastZoom && a.Z <= MostZoom && a.X >= 0 && a.Y >= 0 && a.X < 1<<a.Z && a.Y < 1<<a.Z
}

// View says what of a parcel is shown.
type View int

const (
	Everything View = iota
	NoOutcome       // without the outcomes of decisions
)

const (
	extentBits = 12
	extent     = 1 << extentBits // a tile's own grid
	buffer     = 64              // how far beyond its edge a tile holds land, on its grid
	mostBytes  = 500_000         // of a tile as it is sent
	mostRaw    = 4 * mostBytes   // before it is compressed: what a phone can still draw
	mostThings = 15_000          // features: what it can still look through at each move
)

// Tile is the compressed (gzip) tile, nil where no land lies in it. A tile that
// would be larger than 500 kB (or 2 MB before it is compressed, or 15,000 features) joins the parcels
// of each plot that have the same risk into one feature without parcel_id; one
// that is still larger joins all land that looks alike, without plot_id and
// with yields in steps of 50; only then the smallest parcels are left out.
func (l *Land) Tile(a Address, v View) ([]byte, error) {
	if !a.Valid() {
		return nil, fmt.Errorf("there is no tile %d/%d/%d: zooms are %d–%d", a.Z, a.X, a.Y, LeastZoom, MostZoom)
	}
	shift := gridBits - a.Z - extentBits
	within := l.within(a, shift)
	if len(within) == 0 {
		return nil, nil
	}
	features := make([]feature, len(within))
	for i, n := range within {
		features[i] = feature{parcels: within[i : i+1 : i+1], area: l.area[n]}
	}
	t, _ := l.tilers.Get().(*tiler)
	if t == nil {
		t = &tiler{land: l}
	}
	defer l.tilers.Put(t)
	t.at, t.shift, t.view = a, shift, v
	try := func(features []feature) (raw, body []byte, err error) {
		if len(features) > mostThings {
			return []byte{}, nil, nil
		}
		raw = t.encode(features)
		body, err = t.packed(raw)
		return raw, body, err
	}
	if raw, body, err := try(features); body != nil || err != nil || raw == nil {
		return body, err
	}
	if raw, body, err := try(l.joined(features)); body != nil || err != nil || raw == nil {
		return body, err
	}
	for {
		raw, body, err := try(l.alike(features, v))
		if body != nil || err != nil || raw == nil {
			return body, err
		}
		features = largest(features, len(features)*4/5)
	}
}

// packed is a tile compressed, nil where it is too large.
func (t *tiler) packed(raw []byte) ([]byte, error) {
	if len(raw) == 0 || len(raw) > mostRaw {
		return nil, nil
	}
	var out bytes.Buffer
	if t.packer == nil { // a new one costs more than a small tile
		var err error
		if t.packer, err = gzip.NewWriterLevel(nil, gzip.BestSpeed); err != nil {
			return nil, err
		}
	}
	t.packer.Reset(&out)
	head := binary.AppendUvarint(nil, tileLayer)
	t.packer.Write(binary.AppendUvarint(head, uint64(len(raw))))
	t.packer.Write(raw)
	if err := t.packer.Close(); err != nil {
		return nil, err
	}
	if out.Len() > mostBytes {
		return nil, nil
	}
	return out.Bytes(), nil
}

// within lists the parcels whose boxes meet the tile and its buffer.
func (l *Land) within(a Address, shift int32) []int32 {
	side := int32(1) << (gridBits - a.Z)
	margin := int32(buffer) << shift
	west, north := a.X*side-margin, a.Y*side-margin
	return l.index.meeting(box{west, north, west + side + 2*margin, north + side + 2*margin}, l.boxes)
}

// feature is what a tile shows as one thing.
type feature struct {
	parcels []int32
	area    float64 // m²
	far     bool    // of no one plot
}

// joined makes one feature of the parcels of a plot that look alike.
func (l *Land) joined(features []feature) (out []feature) {
	at := map[int32]int{}
	for _, f := range features {
		n := f.parcels[0]
		i, there := at[l.plots[n]]
		if !there {
			i = len(out)
			at[l.plots[n]] = i
			out = append(out, feature{})
		}
		out[i].parcels = append(out[i].parcels, n)
		out[i].area += f.area
	}
	return out
}

// alike makes one feature of all land that a view shows alike.
func (l *Land) alike(features []feature, v View) (out []feature) {
	type look struct{ crop, grade, yield, outcome, risk int32 }
	at := map[look]int{}
	for _, f := range features {
		n := f.parcels[0]
		t := &l.tags[n]
		k := look{t[kCrop], t[kGrade], l.steps[n], t[kOutcome], t[kRisk]}
		if v == NoOutcome {
			k.outcome = -1
		}
		i, there := at[k]
		if !there {
			i = len(out)
			at[k] = i
			out = append(out, feature{far: true})
		}
		out[i].parcels = append(out[i].parcels, n)
	}
	return out
}

// largest keeps the n largest features, in their order.
func largest(features []feature, n int) []feature {
	order := make([]int, len(features))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(features[b].area, features[a].area) })
	order = order[:n]
	slices.Sort(order)
	out := make([]feature, 0, n)
	for _, i := range order {
		out = append(out, features[i])
	}
	return out
}
