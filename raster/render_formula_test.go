package raster

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
)

func evalOne(t testing.TB, f *Formula, of map[Band]float32) float32 {
	t.Helper()
	var bands [][]float32
	for _, b := range f.Bands {
		bands = append(bands, []float32{of[b]})
	}
	out := make([]float32, 1)
	f.Eval(bands, out)
	return out[0]
}

// Wanted values are calculated by hand; NaN is no data.
func TestFormulas(t *testing.T) {
	of := map[Band]float32{B02: 0.25, B04: 0.125, B08: 0.375, B8A: -0.5, B11: 0}
	nan := float32(math.NaN())
	for _, c := range []struct {
		text, print string
		want        float32
	}{
		{"(B08-B04)/(B08+B04)", "(B08-B04)/(B08+B04)", 0.5},
		{"B08 - B04 - B02", "B08-B04-B02", 0},
		{"B08-(B04-B02)", "B08-(B04-B02)", 0.5},
		{"8/4/2", "8/4/2", 1},
		{"8/(4/2)", "8/(4/2)", 4},
		{"2+3*4", "2+3*4", 14},
		{"(2+3)*4", "(2+3)*4", 20},
		{"((B02))", "B02", 0.25},
		{"-B02*-4", "-B02*-4", 1},
		{"-(1-3)", "-(1-3)", 2},
		{"2--3", "2--3", 5},
		{"max(B02,min(B08,B04)+1)", "max(B02,min(B08,B04)+1)", 1.125},
		{"abs(B8A)", "abs(B8A)", 0.5},
		{"sqrt(B02)", "sqrt(B02)", 0.5},
		{"sqrt(B8A)", "sqrt(B8A)", nan},
		{"B02/B11", "B02/B11", nan},
		{"B11/B11", "B11/B11", nan},
		{"1/(B02/B11)", "1/(B02/B11)", 0}, // 1/∞
		{".5e1+1E-1*10", "5+0.1*10", 6},
		{" B02\t+ 1 ", "B02+1", 1.25},
	} {
		f, err := ParseFormula(c.text)
		if err != nil {
			t.Error(err)
			continue
		}
		if f.String() != c.print {
			t.Errorf("%q prints as %q, want %q", c.text, f, c.print)
		}
		if v := evalOne(t, f, of); v != c.want && !(v != v && c.want != c.want) {
			t.Errorf("%q is %g, want %g", c.text, v, c.want)
		}
	}
}

// More pixels than are computed at a time.
func TestFormulaOfManyPixels(t *testing.T) {
	f, err := ParseFormula("B04*2+B08")
	if err != nil || !slices.Equal(f.Bands, []Band{B04, B08}) {
		t.Fatal(f, err)
	}
	n := 3*evalChunk + 7
	bands := [][]float32{make([]float32, n), make([]float32, n)}
	for i := range n {
		bands[0][i], bands[1][i] = float32(i), 0.5
	}
	out := make([]float32, n)
	f.Eval(bands, out)
	for i, v := range out {
		if v != float32(2*i)+0.5 {
			t.Fatalf("pixel %d: %g", i, v)
		}
	}
}

func TestBadFormulasNameThePlace(t *testing.T) {
	for text, place := range map[string]string{
		"":                                 "character 1:",
		"(B08-B04":                         "character 9:",
		"B08 B04":                          "character 5:",
		"B99+1":                            "character 1:",
		"B08+SCL":                          "character 5:",
		"2*B08)":                           "character 6:",
		"2B08":                             "character 1:",
		"0x10":                             "character 1:",
		"1e99":                             "character 1:",
		"1.2.3":                            "character 1:",
		"inf":                              "character 1:",
		"max(B02)":                         "character 8:",
		"min(B02,B03,B04)":                 "character 12:",
		"abs B02":                          "character 5:",
		"B02 ÷ 2":                          "character 5:",
		strings.Repeat("(", 60) + "1":      "character 52:",
		strings.Repeat("-", 60) + "1":      "character 52:",
		strings.Repeat("1+", 1000) + "1":   "1000",
		"B02+" + strings.Repeat("abs(", 3): "character 17:",
	} {
		if _, err := ParseFormula(text); err == nil || !strings.Contains(err.Error(), place) {
			t.Errorf("%q: %v, want %q", text, err, place)
		}
	}
}

// No text makes the parser panic; what it reads prints to a text that means the
// same, and prints the same again.
func FuzzFormula(f *testing.F) {
	for _, s := range Styles {
		if s.Formula != "" {
			f.Add(s.Formula)
		}
	}
	for _, s := range []string{"", "-(-B02)--1e-3", "max(abs(B8A),sqrt(.5))/min(1,B12)", "((((1))))", "1-(2-(3-4))", "2/(3*4)", "B02*(B03/B04)", "1e38*10", "0.1.2", "B02÷2", "max(", "3e", "3e+"} {
		f.Add(s)
	}
	of := map[Band]float32{}
	for k, b := range OpticalBands {
		of[b] = float32(k+1) * 0.037
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseFormula(text)
		if err != nil {
			return
		}
		printed := a.String()
		b, err := ParseFormula(printed)
		if err != nil {
			if len(printed) > maxFormula { // numbers such as 1e20 print longer
				return
			}
			t.Fatalf("%q prints as %q, which is refused: %v", text, printed, err)
		}
		if b.String() != printed {
			t.Errorf("%q prints as %q, then as %q", text, printed, b)
		}
		if va, vb := evalOne(t, a, of), evalOne(t, b, of); math.Float32bits(va) != math.Float32bits(vb) && !(va != va && vb != vb) {
			t.Errorf("%q is %g, printed as %q it is %g", text, va, printed, vb)
		}
	})
}

// Every style of the table is whole and has a legend; what is not whole is
// refused by name.
func TestStyles(t *testing.T) {
	names := map[string]bool{}
	for _, s := range Styles {
		if names[s.Name] {
			t.Errorf("two styles %s", s.Name)
		}
		names[s.Name] = true
		l, err := s.Legend()
		if err != nil {
			t.Error(err)
			continue
		}
		switch {
		case s.Formula != "":
			if n := len(l.Stops); n < 2 || l.Stops[0].Value != s.Lo || math.Abs(l.Stops[n-1].Value-s.Hi) > 1e-12 || l.Stops[0].Color == l.Stops[n-1].Color {
				t.Errorf("%s: stops %v", s.Name, l.Stops)
			}
		case s.Name == "scl":
			if len(l.Classes) != 11 {
				t.Errorf("%s: classes %v", s.Name, l.Classes)
			}
		case len(l.Bands) != 3:
			t.Errorf("%s: bands %v", s.Name, l.Bands)
		}
	}
	if _, err := StyleByName("ndvj"); err == nil || !strings.Contains(err.Error(), "ndvi") {
		t.Errorf("no list of names: %v", err)
	}
	layer := func(context.Context, Scene, [][]float32, []float32) error { return nil }
	for name, s := range map[string]Style{
		"nothing":       {},
		"two bands":     {Bands: []Band{B02, B03}},
		"radar":         {Bands: []Band{VV, VH, B02}},
		"classes of 2":  {Bands: []Band{SCL, B02}, Classes: SCLClasses},
		"SCL as colour": {Bands: []Band{SCL, B03, B02}},
		"empty range":   {Formula: "B02", Lo: 1, Hi: 1},
		"endless":       {Formula: "B02", Hi: math.Inf(1)},
		"no number":     {Formula: "B02", Lo: math.NaN(), Hi: 1},
		"constant":      {Formula: "1", Hi: 1},
		"bad formula":   {Formula: "B02+", Hi: 1},
		"two ways":      {Formula: "B02", Layer: layer, Hi: 1},
		"one colour":    {Formula: "B02", Hi: 1, Ramp: Viridis[:1]},
		"gamma":         {Bands: []Band{B04, B03, B02}, Gamma: -1},
		"layer of none": {Layer: layer, Hi: 1},
		"many classes":  {Layer: layer, Bands: []Band{B02}, Classes: make([]Class, 256)},
	} {
		s.Name = name
		if _, err := s.Legend(); err == nil || !strings.Contains(err.Error(), "style "+name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Ramps grow lighter all the way (Viridis, Cividis), or to the middle and back
// (BrBG): what makes them readable in grey and to the colour-blind. Lightness
// is CIE L* of sRGB (IEC 61966-2-1).
func TestRampsAreOrderedByLightness(t *testing.T) {
	light := func(c RGB) float64 {
		var lin [3]float64
		for i, v := range c {
			u := float64(v) / 255
			lin[i] = u / 12.92
			if u > 0.04045 {
				lin[i] = math.Pow((u+0.055)/1.055, 2.4)
			}
		}
		return 116*math.Cbrt(0.2126*lin[0]+0.7152*lin[1]+0.0722*lin[2]) - 16
	}
	for name, r := range Ramps {
		for k := 1; k <= 100; k++ {
			t0, t1 := float64(k-1)/100, float64(k)/100
			d := light(r.at(t1)) - light(r.at(t0))
			if name == "brbg" && t1 > 0.5 {
				d = -d
			}
			if d < -0.4 { // rounding to 8 bit
				t.Errorf("%s loses %.2f of lightness at %g", name, -d, t1)
			}
		}
	}
	if c := (Ramp{{0, 0, 0}, {100, 200, 50}, {255, 255, 255}}).at(0.25); c != (RGB{50, 100, 25}) {
		t.Errorf("half way to the second colour: %v", c)
	}
	var c RGB
	if b, _ := (RGB{1, 0x23, 0xff}).MarshalText(); string(b) != "#0123ff" || c.UnmarshalText(b) != nil || c != (RGB{1, 0x23, 0xff}) || c.UnmarshalText([]byte("#12345g")) == nil || c.UnmarshalText([]byte("red")) == nil {
		t.Errorf("text of colours: %s, %v", b, c)
	}
}
