package tiles

import (
	"cmp"
	"slices"
)

// MostAhead is the last zoom whose tiles are made before anybody asks: closer
// ones are small and made in a moment.
const MostAhead = 14

// Ahead lists the tiles from LeastZoom to MostAhead in which land may lie, the
// far views first.
func (l *Land) Ahead() (out []Address) {
	seen := map[Address]bool{}
	for z := int32(LeastZoom); z <= MostAhead; z++ {
		shift := gridBits - z
		margin := int32(buffer) << (shift - extentBits)
		last := int32(1)<<z - 1
		from := len(out)
		for _, b := range l.boxes {
			for x := max(b.west-margin, 0) >> shift; x <= min(last, (b.east+margin)>>shift); x++ {
				for y := max(b.north-margin, 0) >> shift; y <= min(last, (b.south+margin)>>shift); y++ {
					if a := (Address{z, x, y}); !seen[a] {
						seen[a] = true
						out = append(out, a)
					}
				}
			}
		}
		slices.SortFunc(out[from:], func(a, b Address) int { return cmp.Or(cmp.Compare(a.X, b.X), cmp.Compare(a.Y, b.Y)) })
	}
	return out
}
