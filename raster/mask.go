package raster

// MaskClass is what a pixel is good for. Water is a class of land cover, not a
// fault: a flooded paddy is usable.
type MaskClass uint8

// The classes of a mask.
const (
	NoData MaskClass = iota
	Usable
	Doubtful
	Cloud
	Shadow
	Snow
	Saturated
)

// ok reports whether the pixel counts.
func (m MaskClass) ok() bool { return m == Usable || m == Doubtful }

// sclClass maps the Sen2Cor scene classification (Sentinel-2 products
// specification, L2A SCL): 4 vegetation, 5 bare, 6 water usable; 2 dark and 7
// unclassified doubtful; 8, 9 cloud, 10 cirrus; 3 shadow; 11 snow.
var sclClass = [12]MaskClass{NoData, Saturated, Doubtful, Shadow, Usable, Usable, Usable, Doubtful, Cloud, Cloud, Cloud, Snow}

// MaskOptions are the choices of BuildMask. The zero value is the default.
type MaskOptions struct {
	// Dilate is how many 20 m pixels around cloud and shadow are taken for
	// cloud and shadow too. 0 = the default of 1; negative = none.
	Dilate int
}

func (o MaskOptions) dilate() int {
	switch {
	case o.Dilate == 0:
		return 1
	case o.Dilate < 0:
		return 0
	}
	return o.Dilate
}

// BuildMask classifies the 20 m pixels of a window from their SCL values
// (row-major). Ground that is known to be bright or dark by itself keeps its
// pixels and does not grow cloud around it.
func BuildMask(scl []uint16, w Window, ground *Ground, opt MaskOptions) []MaskClass {
	mask := make([]MaskClass, len(scl))
	for i, v := range scl {
		if int(v) < len(sclClass) {
			mask[i] = sclClass[v]
		}
		if ground.keeps(w, i, v) {
			mask[i] = Doubtful
		}
	}
	for range opt.dilate() {
		mask = dilated(mask, w)
	}
	return mask
}

// dilated grows cloud and shadow by one pixel in eight directions; cloud wins.
func dilated(mask []MaskClass, w Window) []MaskClass {
	out := make([]MaskClass, len(mask))
	copy(out, mask)
	for row := range w.Height {
		for col := range w.Width {
			i := row*w.Width + col
			if !mask[i].ok() {
				continue
			}
			grown := mask[i]
			for dr := -1; dr <= 1; dr++ {
				for dc := -1; dc <= 1; dc++ {
					r, c := row+dr, col+dc
					if r < 0 || c < 0 || r >= w.Height || c >= w.Width {
						continue
					}
					switch m := mask[r*w.Width+c]; {
					case m == Cloud:
						grown = Cloud
					case m == Shadow && grown != Cloud:
						grown = Shadow
					}
				}
			}
			out[i] = grown
		}
	}
	return out
}
