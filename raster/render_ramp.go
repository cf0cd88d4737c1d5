package raster

import (
	"encoding/hex"
	"fmt"
)

// RGB is a colour in sRGB; as text "#440154".
type RGB [3]uint8

// String is the colour as "#rrggbb".
func (c RGB) String() string { return "#" + hex.EncodeToString(c[:]) }

// MarshalText writes "#rrggbb".
func (c RGB) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads "#rrggbb".
func (c *RGB) UnmarshalText(b []byte) error {
	if len(b) != 7 || b[0] != '#' {
		return fmt.Errorf("colour %q: want #rrggbb", b)
	}
	if _, err := hex.Decode(c[:], b[1:]); err != nil {
		return fmt.Errorf("colour %q: want #rrggbb: %w", b, err)
	}
	return nil
}

// Ramp is colours at even steps from the low to the high end of a range;
// between them sRGB values are interpolated.
type Ramp []RGB

// at is the colour at t, 0 to 1.
func (r Ramp) at(t float64) RGB {
	t = min(max(t, 0), 1) * float64(len(r)-1)
	k := min(int(t), len(r)-2)
	t -= float64(k)
	var c RGB
	for i := range c {
		c[i] = uint8(float64(r[k][i]) + t*(float64(r[k+1][i])-float64(r[k][i])) + 0.5)
	}
	return c
}

// rampSteps is how many colours of a palette a ramp fills, from entry 1.
const rampSteps = 255

// palette is a transparent entry and the ramp.
func (r Ramp) palette() palette {
	p := palette{{}}
	for k := range rampSteps {
		c := r.at(float64(k) / (rampSteps - 1))
		p = append(p, c)
	}
	return p
}

// The ramps of the styles. All can be told apart with red-green colour
// blindness.
var (
	// Viridis (S. van der Walt and N. Smith 2015, CC0) at eleven steps: dark
	// purple to yellow, equally stepped to the eye and in grey.
	Viridis = Ramp{{0x44, 0x01, 0x54}, {0x48, 0x24, 0x75}, {0x41, 0x44, 0x87}, {0x35, 0x5f, 0x8d}, {0x2a, 0x78, 0x8e}, {0x21, 0x91, 0x8c},
		{0x22, 0xa8, 0x84}, {0x44, 0xbf, 0x70}, {0x7a, 0xd1, 0x51}, {0xbd, 0xdf, 0x26}, {0xfd, 0xe7, 0x25}}
	// Cividis (Nuñez, Anderton and Renslow 2018, PLoS ONE 13(7): e0199239), at
	// nine steps: blue to yellow.
	Cividis = Ramp{{0, 32, 76}, {0, 52, 110}, {60, 74, 107}, {91, 95, 109}, {117, 117, 117}, {146, 140, 120}, {176, 165, 114}, {209, 191, 102}, {255, 233, 69}}
	// BrBG (ColorBrewer 2.0, C. Brewer), eleven classes: brown through white
	// to blue-green, for ranges with a meaningful middle.
	BrBG = Ramp{{0x54, 0x30, 0x05}, {0x8c, 0x51, 0x0a}, {0xbf, 0x81, 0x2d}, {0xdf, 0xc2, 0x7d}, {0xf6, 0xe8, 0xc3}, {0xf5, 0xf5, 0xf5},
		{0xc7, 0xea, 0xe5}, {0x80, 0xcd, 0xc1}, {0x35, 0x97, 0x8f}, {0x01, 0x66, 0x5e}, {0x00, 0x3c, 0x30}}
)

// Ramps are the ramps by name.
var Ramps = map[string]Ramp{"viridis": Viridis, "cividis": Cividis, "brbg": BrBG}

// Class is one value of a map of classes.
type Class struct {
	Value int    `json:"value"`
	Label string `json:"label"`
	Color RGB    `json:"color"`
}

// SCLClasses are the classes of the scene classification of Sentinel-2 L2A with
// the colours of the Sen2Cor product (Sentinel-2 Products Specification
// Document, L2A SCL). Class 0, no data, is transparent and has none.
var SCLClasses = []Class{
	{1, "saturated or defective", RGB{0xff, 0x00, 0x00}},
	{2, "dark area", RGB{0x2f, 0x2f, 0x2f}},
	{3, "cloud shadow", RGB{0x64, 0x32, 0x00}},
	{4, "vegetation", RGB{0x00, 0xa0, 0x00}},
	{5, "not vegetated", RGB{0xff, 0xe6, 0x5a}},
	{6, "water", RGB{0x00, 0x00, 0xff}},
	{7, "unclassified", RGB{0x80, 0x80, 0x80}},
	{8, "cloud, medium probability", RGB{0xc0, 0xc0, 0xc0}},
	{9, "cloud, high probability", RGB{0xff, 0xff, 0xff}},
	{10, "thin cirrus", RGB{0x64, 0xc8, 0xff}},
	{11, "snow or ice", RGB{0xff, 0x96, 0xff}},
}

// Legend is what a map shows beside a picture: the stops of a ramp, or the
// classes. A colour composite has neither, only its bands.
type Legend struct {
	Name    string  `json:"name"`
	Title   string  `json:"title"`
	Formula string  `json:"formula,omitempty"`
	Source  string  `json:"source,omitempty"`
	Bands   []Band  `json:"bands"`
	Lo      float64 `json:"lo"`
	Hi      float64 `json:"hi"`
	Stops   []Stop  `json:"stops,omitempty"`
	Classes []Class `json:"classes,omitempty"`
}

// Stop is a value and its colour; between stops colours are interpolated.
type Stop struct {
	Value float64 `json:"value"`
	Color RGB     `json:"color"`
}
