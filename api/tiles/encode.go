package tiles

import (
	"encoding/binary"
	"math"

	"github.com/klauspost/compress/gzip"
)

// Numbers of fields in vector_tile.proto (Mapbox Vector Tile 2.1), with their
// wire types: 0 = varint, 1 = eight bytes, 2 = bytes with their length before.
const (
	tileLayer       = 3<<3 | 2
	layerVersion    = 15<<3 | 0
	layerName       = 1<<3 | 2
	layerFeature    = 2<<3 | 2
	layerKey        = 3<<3 | 2
	layerValue      = 4<<3 | 2
	layerExtent     = 5<<3 | 0
	featureID       = 1<<3 | 0
	featureTags     = 2<<3 | 2
	featureType     = 3<<3 | 0
	featureGeometry = 4<<3 | 2
	valueText       = 1<<3 | 2
	valueDouble     = 3<<3 | 1
	valueCount      = 5<<3 | 0
	typePolygon     = 3
)

func field(to []byte, key uint64, content []byte) []byte {
	to = binary.AppendUvarint(to, key)
	to = binary.AppendUvarint(to, uint64(len(content)))
	return append(to, content...)
}

func textValue(s string) []byte { return field(nil, valueText, []byte(s)) }

func numberValue(v float64) []byte {
	return binary.LittleEndian.AppendUint64([]byte{valueDouble}, math.Float64bits(v))
}

func countValue(n uint64) []byte { return binary.AppendUvarint([]byte{valueCount}, n) }

// tiler writes one tile after the other.
type tiler struct {
	land  *Land
	at    Address
	shift int32
	view  View

	number []uint32 // by value of the land: its number in this tile + 1
	used   []int32  // values in the order of their numbers
	pen    pen
	packer *gzip.Writer

	layer, one, tag, shape []byte // room for what is written
}

// encode is the tile's layer of these features, until the next is made; nil where
// none of them has any size in it.
func (t *tiler) encode(features []feature) []byte {
	if t.number == nil {
		t.number = make([]uint32, len(t.land.values))
	}
	for _, v := range t.used {
		t.number[v] = 0
	}
	t.used = t.used[:0]
	layer := binary.AppendUvarint(t.layer[:0], layerVersion)
	layer = binary.AppendUvarint(layer, 2)
	layer = field(layer, layerName, []byte("parcels"))
	one, tags, shape := t.one, t.tag, t.shape
	defer func() { t.one, t.tag, t.shape = one, tags, shape }()
	some := false
	for _, f := range features {
		t.pen.begin()
		for _, n := range f.parcels {
			t.draw(n)
		}
		if len(t.pen.commands) == 0 {
			continue
		}
		some = true
		tags = t.tags(tags[:0], f)
		shape = shape[:0]
		for _, c := range t.pen.commands {
			shape = binary.AppendUvarint(shape, uint64(c))
		}
		one = binary.AppendUvarint(one[:0], featureID)
		id := uint64(f.parcels[0]) + 1 // its place in the run: the same in every tile
		if f.far {
			id += uint64(len(t.land.boxes)) // no parcel's
		}
		one = binary.AppendUvarint(one, id)
		one = field(one, featureTags, tags)
		one = binary.AppendUvarint(one, featureType)
		one = binary.AppendUvarint(one, typePolygon)
		one = field(one, featureGeometry, shape)
		layer = field(layer, layerFeature, one)
	}
	if !some {
		return nil
	}
	for _, k := range keys {
		layer = field(layer, layerKey, []byte(k))
	}
	for _, n := range t.used {
		layer = field(layer, layerValue, t.land.values[n])
	}
	layer = binary.AppendUvarint(layer, layerExtent)
	t.layer = binary.AppendUvarint(layer, extent)
	return t.layer
}

// tags are pairs of a key's number and a value's. A joined feature has neither
// parcel_id nor area, one of no one plot no plot_id either.
func (t *tiler) tags(to []byte, f feature) []byte {
	joined := len(f.parcels) > 1 || f.far
	for k, v := range t.land.tags[f.parcels[0]] {
		if k == kYield && f.far {
			v = t.land.steps[f.parcels[0]]
		}
		switch {
		case v < 0, k == kOutcome && t.view == NoOutcome, k == kParcel && joined, k == kArea && joined, k == kPlot && f.far:
			continue
		}
		if t.number[v] == 0 {
			t.used = append(t.used, v)
			t.number[v] = uint32(len(t.used))
		}
		to = binary.AppendUvarint(to, uint64(k))
		to = binary.AppendUvarint(to, uint64(t.number[v]-1))
	}
	return to
}
