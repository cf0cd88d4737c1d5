package tiles

import (
	"cmp"
	"math"
	"slices"
)

// index finds the parcels whose boxes meet another: parcels in the order of
// their middles along a Z (Morton, 1966), a box around each packet of them, and
// one around each packet of packets.
type index struct {
	order []int32 // parcels
	small []box   // by packet
	large []box   // by packet of packets
}

const packet = 32

func newIndex(boxes []box) index {
	x := index{order: make([]int32, len(boxes))}
	codes := make([]uint64, len(boxes))
	for i, b := range boxes {
		x.order[i] = int32(i)
		codes[i] = spread(uint32((int64(b.west)+int64(b.east))/2))<<1 | spread(uint32((int64(b.north)+int64(b.south))/2))
	}
	slices.SortFunc(x.order, func(a, b int32) int { return cmp.Or(cmp.Compare(codes[a], codes[b]), cmp.Compare(a, b)) })
	x.small = around(len(x.order), func(i int) box { return boxes[x.order[i]] })
	x.large = around(len(x.small), func(i int) box { return x.small[i] })
	return x
}

// spread puts a zero between the bits of a number.
func spread(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f0f0f0f0f
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & 0x5555555555555555
}

// around are boxes around each packet of n boxes.
func around(n int, of func(int) box) (out []box) {
	for i := 0; i < n; i += packet {
		all := box{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}
		for k := i; k < min(i+packet, n); k++ {
			b := of(k)
			all = box{min(all.west, b.west), min(all.north, b.north), max(all.east, b.east), max(all.south, b.south)}
		}
		out = append(out, all)
	}
	return out
}

func (b box) meets(c box) bool {
	return b.west <= c.east && b.east >= c.west && b.north <= c.south && b.south >= c.north
}

// meeting lists the parcels whose boxes meet one, in their own order.
func (x *index) meeting(b box, boxes []box) (out []int32) {
	for i, l := range x.large {
		if !l.meets(b) {
			continue
		}
		for k := i * packet; k < min((i+1)*packet, len(x.small)); k++ {
			if !x.small[k].meets(b) {
				continue
			}
			for _, n := range x.order[k*packet : min((k+1)*packet, len(x.order))] {
				if boxes[n].meets(b) {
					out = append(out, n)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}
