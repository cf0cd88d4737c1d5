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

// isCloud reports whether an SCL value is one of the cloud classes.
func isCloud(scl uint16) bool { return scl == 8 || scl == 9 || scl == 10 }

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

// Bright land is taken for covered by real cloud where at least half of the
// other land within reach is cloud too, and there is enough of it to tell.
const (
	cloudReach = 5 // 20 m pixels
	cloudVotes = 12
)

// maskMargin is how far outside a window the mask looks, so that a pixel's
// class does not depend on which window it is read in.
func (o MaskOptions) maskMargin() int { return max(o.dilate(), cloudReach) }

// BuildMask classifies the 20 m pixels of a window from their SCL values
// (row-major). Ground that is known to be bright or dark by itself keeps its
// pixels as doubtful, does not grow cloud around it, and no cloud grows over
// it; only where the land around it is mostly cloud is it taken for cloud.
func BuildMask(scl []uint16, w Window, ground *Ground, opt MaskOptions) []MaskClass {
	mask := make([]MaskClass, len(scl))
	kept := make([]bool, len(scl))
	for i, v := range scl {
		if int(v) < len(sclClass) {
			mask[i] = sclClass[v]
		}
		kept[i] = ground.keeps(w, i, v) && !(isCloud(v) && overcast(scl, w, i, ground))
		if kept[i] {
			mask[i] = Doubtful
		}
	}
	for range opt.dilate() {
		mask = dilated(mask, kept, w)
	}
	return mask
}

// overcast reports whether most land around pixel i that is not bright by
// itself is cloud.
func overcast(scl []uint16, w Window, i int, ground *Ground) bool {
	row, col := i/w.Width, i%w.Width
	cloud, all := 0, 0
	for r := max(row-cloudReach, 0); r <= min(row+cloudReach, w.Height-1); r++ {
		for c := max(col-cloudReach, 0); c <= min(col+cloudReach, w.Width-1); c++ {
			k := r*w.Width + c
			if scl[k] == 0 || ground.bright(w, k) {
				continue
			}
			all++
			if isCloud(scl[k]) {
				cloud++
			}
		}
	}
	return all >= cloudVotes && 2*cloud >= all
}

// dilated grows cloud and shadow by one pixel in eight directions; cloud wins.
func dilated(mask []MaskClass, kept []bool, w Window) []MaskClass {
	out := make([]MaskClass, len(mask))
	copy(out, mask)
	for row := range w.Height {
		for col := range w.Width {
			i := row*w.Width + col
			if !mask[i].ok() || kept[i] {
				continue
			}
			grown := mask[i]
			for r := max(row-1, 0); r <= min(row+1, w.Height-1); r++ {
				for c := max(col-1, 0); c <= min(col+1, w.Width-1); c++ {
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
