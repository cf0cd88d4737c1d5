package outline

import (
	"context"
	"math"
)

// features are the means of regions by date and band.
type features struct {
	dates int
	noise [][4]float32 // by date; 0 = band not there
	sum   [][]float32  // region → [date × 4 bands]
	count [][]int32    // region → [date], pixels seen
	size  []int32      // pixels of the region
}

// featuresOf goes through the dates and takes the means of the regions 1 … n.
func featuresOf(ctx context.Context, d Dates, labels []int32, n int) (*features, error) {
	f := &features{dates: d.Len(), size: make([]int32, n+1)}
	sums, counts := make([]float32, (n+1)*4*f.dates), make([]int32, (n+1)*f.dates)
	for k := range n + 1 {
		f.sum = append(f.sum, sums[k*4*f.dates:][:4*f.dates])
		f.count = append(f.count, counts[k*f.dates:][:f.dates])
	}
	for _, l := range labels {
		f.size[l]++
	}
	one := make([]float64, (n+1)*4)
	for t := range f.dates {
		img, err := d.Image(ctx, t)
		if err != nil {
			return nil, err
		}
		noise := d.Noise(t)
		clear(one)
		first := true
		for b, px := range img {
			if px == nil {
				noise[b] = 0
				continue
			}
			for i, v := range px {
				if l := labels[i]; l > 0 && v == v {
					one[4*l+int32(b)] += float64(v)
					if first {
						f.count[l][t]++
					}
				}
			}
			first = false
		}
		f.noise = append(f.noise, noise)
		for l := 1; l <= n; l++ {
			for b := range 4 {
				f.sum[l][4*t+b] = float32(one[4*l+b])
			}
		}
	}
	return f, ctx.Err()
}

// seen reports whether most of a region was seen on a date.
func (f *features) seen(k int32, t int) bool {
	n := f.count[k][t]
	return n > 0 && 2*n >= f.size[k]
}

// mean is a region's reflectance on a date.
func (f *features) mean(k int32, t, b int) float64 {
	return float64(f.sum[k][4*t+b]) / float64(f.count[k][t])
}

// apart is how different two regions are: the root of the mean over dates and
// bands of (difference of their tones / noise)². A date counts where most of
// both was seen; ok is false where no date does.
func (f *features) apart(a, b int32) (d float64, ok bool) {
	sum, n := 0.0, 0
	for t := range f.dates {
		if !f.seen(a, t) || !f.seen(b, t) {
			continue
		}
		for band := range 4 {
			if s := f.noise[t][band]; s > 0 {
				x := float64(toneOf(float32(f.mean(a, t, band)))-toneOf(float32(f.mean(b, t, band)))) / float64(s)
				sum += min(x*x, 4*tooStrong*tooStrong)
				n++
			}
		}
	}
	if n == 0 {
		return 0, false
	}
	return math.Sqrt(sum / float64(n)), true
}

// take adds region b to a.
func (f *features) take(a, b int32) {
	for i, v := range f.sum[b] {
		f.sum[a][i] += v
	}
	for i, v := range f.count[b] {
		f.count[a][i] += v
	}
	f.size[a] += f.size[b]
	f.sum[b], f.count[b] = nil, nil
}
