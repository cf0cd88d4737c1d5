package main

import (
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/parus-lending/parus/parcels"
	"github.com/parus-lending/parus/raster"
)

// slovenia holds what time says of NDVI alone against an independent cloud mask
// (s2cloudless), on squares of ten by ten pixels that nothing has masked.
func slovenia(_ context.Context, data string, _ *networks) (string, error) {
	dir := filepath.Join(data, "eopatch_slovenia_ndvi_clouds")
	var days []string
	b, err := os.ReadFile(filepath.Join(dir, "timestamps.json"))
	if err == nil {
		err = json.Unmarshal(b, &days)
	}
	if err != nil {
		return "", err
	}
	ndvi, shape, err := npy(filepath.Join(dir, "NDVI.npy.gz"))
	if err != nil {
		return "", err
	}
	clm, _, err := npy(filepath.Join(dir, "CLM.npy.gz"))
	if err != nil {
		return "", err
	}
	n, h, w := shape[0], shape[1], shape[2]
	if n != len(days) || len(ndvi) != len(clm) {
		return "", fmt.Errorf("%d dates of %d × %d, %d timestamps", n, h, w, len(days))
	}
	const side = 10
	var before, after, masked rough
	found, cloudy, lost, clear := 0, 0, 0, 0
	for r0 := 0; r0+side <= h; r0 += side {
		for c0 := 0; c0+side <= w; c0 += side {
			var obs []raster.Observation
			cloud := map[string]float64{}
			value := map[string]float64{}
			for d := range n {
				at, err := time.Parse("2006-01-02T15:04:05", days[d])
				if err != nil {
					return "", err
				}
				sum, k := 0.0, 0.0
				for r := r0; r < r0+side; r++ {
					for c := c0; c < c0+side; c++ {
						sum, k = sum+ndvi[(d*h+r)*w+c], k+clm[(d*h+r)*w+c]
					}
				}
				v := sum / (side * side)
				cloud[days[d]], value[days[d]] = k/(side*side), v
				for band, x := range map[raster.Band]float64{raster.B04: 0.2 * (1 - v), raster.B08: 0.2 * (1 + v)} {
					obs = append(obs, raster.Observation{ParcelID: "square", SceneID: days[d], Time: at, Band: band, Stats: raster.Stats{Total: 100, Count: 100, Inside: 100, Mean: x}})
				}
			}
			var all, kept, mask []point
			for _, v := range parcels.Votes(obs, parcels.SeriesOptions{}) {
				p := point{v.Time, value[v.SceneID]}
				all = append(all, p)
				if v.ByTime != parcels.Suspect {
					kept = append(kept, p)
				}
				switch k := cloud[v.SceneID]; {
				case v.ByTime == parcels.NoWitness:
				case k > 0.5:
					cloudy++
					if v.ByTime == parcels.Suspect {
						found++
					}
				case k == 0:
					clear++
					if v.ByTime == parcels.Suspect {
						lost++
					}
				}
				if cloud[v.SceneID] <= 0.5 {
					mask = append(mask, p)
				}
			}
			before.add(all, spikeNDVI)
			after.add(kept, spikeNDVI)
			masked.add(mask, spikeNDVI)
		}
	}
	return fmt.Sprintf(`## Slovenia: NDVI against an independent mask
68 dates 2015–2017 of 1 km² with the cloud mask of s2cloudless (eopatch_slovenia_ndvi_clouds; MIT). Only NDVI is there: no blue, so time can say no more than *suspect*, from dips
between looks at most 24 days apart. Squares of 10 × 10 pixels, nothing masked beforehand. Off the line: mean distance of a look from the line between its neighbours.

| looks | n | off the line, NDVI | spikes > 0.15 in 100 |
|---|---|---|---|
| all | %d | %s |
| all that time does not suspect | %d | %s |
| all that s2cloudless calls clear | %d | %s |

With looks near enough on both sides: of %d that s2cloudless calls cloud, NDVI alone is suspected on %d (%.0f %%); of %d with no cloud pixel, on %d (%.1f %%).
Without blue, time finds only a part of the clouds.
`, before.looks, before, after.looks, after, masked.looks, masked, cloudy, found, 100*float64(found)/math.Max(1, float64(cloudy)), clear, lost, 100*float64(lost)/math.Max(1, float64(clear))), nil
}

var npyShape = regexp.MustCompile(`'descr': '([^']+)'.*'shape': \(([0-9, ]+)\)`)

// npy reads a compressed NumPy array of bytes or 32 bit floats.
func npy(path string) ([]float64, []int, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, nil, fmt.Errorf("read %s: %w", path, err)
	}
	b, err := io.ReadAll(z)
	if err != nil || len(b) < 10 || len(b) < 10+int(binary.LittleEndian.Uint16(b[8:])) {
		return nil, nil, fmt.Errorf("read %s: no NumPy array of version 1 (%v)", path, err)
	}
	body := b[10+int(binary.LittleEndian.Uint16(b[8:])):]
	m := npyShape.FindSubmatch(b[10 : len(b)-len(body)])
	if m == nil {
		return nil, nil, fmt.Errorf("read %s: its header has no type and shape", path)
	}
	size := 1
	var shape []int
	for _, s := range strings.Split(string(m[2]), ",") {
		if s = strings.TrimSpace(s); s != "" {
			n, err := strconv.Atoi(s)
			if err != nil {
				return nil, nil, fmt.Errorf("read %s: %w", path, err)
			}
			shape, size = append(shape, n), size*n
		}
	}
	width := map[string]int{"|u1": 1, "<f4": 4}[string(m[1])]
	if width == 0 || len(body) != size*width {
		return nil, nil, fmt.Errorf("read %s: %s of shape %v in %d bytes", path, m[1], shape, len(body))
	}
	out := make([]float64, size)
	for i := range out {
		if width == 1 {
			out[i] = float64(body[i])
		} else {
			out[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(body[4*i:])))
		}
	}
	return out, shape, nil
}
