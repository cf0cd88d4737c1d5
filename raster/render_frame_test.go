package raster

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// Where pixel centres of tiles lie, by pyproj 3.7.2 (PROJ 9.5.1), EPSG:3857 to
// the zone: z, x, y, column, row, zone, easting, northing.
var projected = []struct {
	z, x, y, col, row, epsg int
	east, north             float64
}{
	{14, 13544, 6456, 0, 0, 32650, 554137.7612, 3940157.0488},
	{14, 13544, 6456, 255, 0, 32650, 556120.2275, 3940169.3095},
	{14, 13544, 6456, 100, 37, 32650, 554916.9628, 3939875.4238},
	{14, 13544, 6456, 7, 201, 32650, 554201.6389, 3938601.5272},
	{14, 13544, 6456, 255, 255, 32650, 556132.6520, 3938195.4186},
	{15, 16659, 10996, 0, 0, 32631, 501497.6958, 5629787.0172},
	{15, 16659, 10996, 100, 37, 32631, 501800.0345, 5629675.5607},
	{15, 16659, 10996, 255, 255, 32631, 502268.8962, 5629018.4421},
	{12, 1325, 2479, 0, 0, 32720, 450526.9079, 6083659.6595},
	{12, 1325, 2479, 7, 201, 32720, 450779.3849, 6077423.7381},
	{12, 1325, 2479, 255, 255, 32720, 458514.4312, 6075787.9230},
	{9, 422, 202, 255, 0, 32650, 538155.8254, 3924088.7297},
	{9, 422, 202, 100, 37, 32650, 499525.9956, 3914822.7320},
	{9, 422, 202, 255, 255, 32650, 538424.2465, 3860598.9275},
	{3, 6, 3, 255, 0, 32650, 2011623.5924, 4686674.5174},
	{3, 6, 3, 100, 37, 32650, -344357.3337, 4004199.4250},
	{13, 6826, 3353, 100, 37, 32650, 785280.3514, 3434518.2292},
	{13, 6826, 3353, 100, 37, 32651, 212418.6336, 3434580.3564},
	{14, 13544, 6456, 100, 37, 4527, 39554938.9384, 3941452.0045},
	{14, 13544, 6456, 100, 37, 4548, 554938.9384, 3941452.0045},
}

func TestPixelsLieWhereProjSays(t *testing.T) {
	for _, p := range projected {
		f, err := TileFrame(p.z, p.x, p.y, 256)
		if err != nil {
			t.Fatal(err)
		}
		w, err := newWarp(f, p.epsg)
		if err != nil {
			t.Fatal(err)
		}
		xs, ys := make([]float64, 256), make([]float64, 256)
		w.row(p.row, xs, ys)
		off := math.Hypot(xs[p.col]-p.east, ys[p.col]-p.north)
		if off > 0.01*w.metres+0.002 {
			t.Errorf("tile %d/%d/%d pixel %d, %d: %.3f, %.3f, %.3f m off (a pixel is %.1f m)", p.z, p.x, p.y, p.col, p.row, xs[p.col], ys[p.col], off, w.metres)
		}
	}
}

// Between control points the error against exact projection stays below 0.1
// pixel (0.01, really) everywhere, from the equator to the far north, at each
// zoom and for a wide picture.
func TestWarpErrorIsSmall(t *testing.T) {
	worst := 0.0
	for z := range 18 {
		for _, at := range []orb.Point{{114.05, 0.3}, {117, 35.6}, {122.9, 53.4}, {-177.2, -63}, {14.2, 78.1}} {
			epsg := 32600 + utmZone(at)
			if at[1] < 0 {
				epsg += 100
			}
			x, y := mercator(at)
			n := float64(int(1) << z)
			f, err := TileFrame(z, int((x/mercatorEnd+1)/2*n), int((1-y/mercatorEnd)/2*n), 512)
			if err != nil {
				t.Fatal(err)
			}
			w, err := newWarp(f, epsg)
			if err != nil {
				t.Fatal(err)
			}
			xs, ys := make([]float64, f.Width), make([]float64, f.Width)
			seen := 0
			for j := 0; j < f.Height; j += 17 {
				w.row(j, xs, ys)
				for i := 0; i < f.Width; i += 7 {
					if math.IsNaN(xs[i]) {
						continue
					}
					p := lonLat(f.place(i, j))
					want, _ := utmPoint(p, epsg)
					ground := (f.East - f.West) / float64(f.Width) * math.Cos(p[1]*math.Pi/180)
					worst = max(worst, math.Hypot(xs[i]-want[0], ys[i]-want[1])/ground)
					seen++
				}
			}
			if seen == 0 {
				t.Errorf("zoom %d at %v: nothing was compared", z, at)
			}
		}
	}
	t.Logf("worst error %.4f pixel", worst)
	if worst > 0.1 {
		t.Errorf("worst error %.4f pixel, want below 0.1", worst)
	}
}

func TestBadTilesAndFrames(t *testing.T) {
	for _, v := range [][4]int{{-1, 0, 0, 256}, {25, 0, 0, 256}, {3, 8, 0, 256}, {3, 0, -1, 256}, {3, 0, 8, 256}, {3, 0, 0, 100}, {3, 0, 0, 0}} {
		if _, err := TileFrame(v[0], v[1], v[2], v[3]); err == nil {
			t.Errorf("tile %v is no tile", v)
		}
	}
	for _, b := range []orb.Bound{{}, {Min: orb.Point{5, 1}, Max: orb.Point{4, 2}}, {Min: orb.Point{1, 1}, Max: orb.Point{2, 89}}, {Min: orb.Point{1, math.NaN()}, Max: orb.Point{2, 2}}} {
		if _, err := BoundFrame(b, 100); err == nil {
			t.Errorf("%v is no place for a picture", b)
		}
	}
	for _, width := range []int{0, -4, 1 << 20} {
		if _, err := BoundFrame(orb.Bound{Min: orb.Point{3, 50}, Max: orb.Point{4, 51}}, width); err == nil {
			t.Errorf("a picture %d pixels wide", width)
		}
	}
	// One degree at 60° north is twice as high as wide in Web Mercator.
	f, err := BoundFrame(orb.Bound{Min: orb.Point{10, 59.999}, Max: orb.Point{10.002, 60.001}}, 100)
	if err != nil || f.Width != 100 || f.Height != 200 {
		t.Errorf("%+v, %v", f, err)
	}
}
