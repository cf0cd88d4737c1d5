package raster

import (
	"context"
	"math"
	"strings"
	"testing"
)

// By hand on smallScene: red of 20 m column c is (1000 (c + 1) − 1000) / 10000;
// the window begins one 10 m pixel into the scene. The last 10 m column of 20 m
// column 1 has no data. A cloud in the 20 m pixel (3, 3) hides its four pixels and, as
// cloud grows by one pixel of 20 m, those of the pixels around it.
func TestReadClearByHand(t *testing.T) {
	m := memory{}
	s, grid := smallScene(m)
	s.Settled.DN0 = -1000
	m["a/SCL"].dn[3*4+3] = 9
	var c Clear
	w := Window{Col: 1, Row: 1, Width: 7, Height: 7}
	if err := ReadClear(context.Background(), m, s, grid, w, []Band{B04}, MaskOptions{}, &c); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for row := range 7 {
		for col := range 7 {
			x, y := col+1, row+1
			got, want := c.Bands[0][row*7+col], float32(x/2)/10
			hidden := x == 3 || x/2 >= 2 && y/2 >= 2
			if !hidden {
				seen++
			}
			if math.IsNaN(float64(got)) != hidden || !hidden && math.Abs(float64(got-want)) > 1e-6 {
				t.Errorf("column %d, row %d: %g, want %g, hidden %v", x, y, got, want, hidden)
			}
		}
	}
	if c.Pixels != seen {
		t.Errorf("%d pixels clear, want %d", c.Pixels, seen)
	}
	delete(s.Assets, B04)
	if err := ReadClear(context.Background(), m, s, grid, w, []Band{B04}, MaskOptions{}, &c); err == nil || !strings.Contains(err.Error(), "no band B04") {
		t.Errorf("a band that is not there: %v", err)
	}
}
