package raster

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// LayerFunc computes one value per pixel. bands holds the reflectance (0–1
// after the settled offset) of each band the style names, in its order, one
// value per pixel with data; SCL comes as its class number. out is as long and
// takes the values; NaN is no data. It may be called from several goroutines.
type LayerFunc func(ctx context.Context, s Scene, bands [][]float32, out []float32) error

// Style is what a picture shows, as data. It is one of
//   - a colour composite: three Bands (red, green, blue), no Formula, no Layer;
//   - one value per pixel by a Formula, or by a Layer over Bands, coloured by a
//     Ramp from Lo to Hi, or by Classes of the rounded value;
//   - the classes of one band as it is stored: Bands is SCL, and Classes.
type Style struct {
	Name, Title string
	Source      string // where the formula, composite or colours come from
	Bands       []Band // a Formula brings its own
	Formula     string // of reflectance, such as (B08-B04)/(B08+B04); see ParseFormula
	Layer       LayerFunc
	Lo, Hi      float64 // range of the colours; reflectance for composites, where 0 and 0 mean 0 and 0.3
	Gamma       float64 // of composites: brightness = ((v−Lo)/(Hi−Lo))^(1/Gamma); 0 = 1
	Ramp        Ramp    // nil = Viridis
	Classes     []Class // values without a class are transparent
}

// Styles are the styles Parus brings, each as data.
var Styles = []Style{
	{Name: "truecolor", Title: "True colour", Bands: []Band{B04, B03, B02}, Hi: 0.3, Gamma: 1.4, Source: "bands 4, 3, 2"},
	{Name: "falsecolor", Title: "False colour, vegetation red", Bands: []Band{B08, B04, B03}, Hi: 0.5, Gamma: 1.2, Source: "bands 8, 4, 3"},
	{Name: "agriculture", Title: "Agriculture, growing crops green", Bands: []Band{B11, B08, B02}, Hi: 0.4, Gamma: 1.2, Source: "bands 11, 8, 2"},
	{Name: "shortwave", Title: "Short-wave infrared, water and burnt land dark", Bands: []Band{B12, B8A, B04}, Hi: 0.4, Gamma: 1.2, Source: "bands 12, 8A, 4"},
	{Name: "ndvi", Title: "NDVI, greenness", Formula: "(B08-B04)/(B08+B04)", Lo: -0.1, Hi: 0.9, Source: "Rouse et al. 1974"},
	{Name: "evi2", Title: "EVI2, greenness of dense crops", Formula: "2.5*(B08-B04)/(B08+2.4*B04+1)", Lo: 0, Hi: 0.8, Source: "Jiang et al. 2008, Remote Sens. Environ. 112"},
	{Name: "ndre", Title: "NDRE, chlorophyll", Formula: "(B8A-B05)/(B8A+B05)", Lo: 0, Hi: 0.7, Source: "Gitelson and Merzlyak 1994, with bands 8A and 5"},
	{Name: "ndmi", Title: "NDMI, water in leaves", Formula: "(B8A-B11)/(B8A+B11)", Lo: -0.5, Hi: 0.5, Ramp: BrBG, Source: "Gao 1996, with bands 8A and 11"},
	{Name: "ndwi", Title: "NDWI, open water", Formula: "(B03-B08)/(B03+B08)", Lo: -0.8, Hi: 0.8, Ramp: BrBG, Source: "McFeeters 1996"},
	{Name: "bsi", Title: "BSI, bare soil", Formula: "((B11+B04)-(B08+B02))/((B11+B04)+(B08+B02))", Lo: -0.5, Hi: 0.4, Ramp: Cividis, Source: "Rikimaru et al. 2002"},
	{Name: "scl", Title: "Scene classification", Bands: []Band{SCL}, Classes: SCLClasses, Source: "Sentinel-2 L2A SCL"},
}

// StyleByName is the style of the table; the error lists the names.
func StyleByName(name string) (Style, error) {
	var names []string
	for _, s := range Styles {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Style{}, fmt.Errorf("no style %q; there are %v", name, names)
}

// Legend is what a map shows beside the picture. The style must be whole.
func (s Style) Legend() (Legend, error) {
	p, err := s.plan()
	if err != nil {
		return Legend{}, err
	}
	l := Legend{Name: s.Name, Title: s.Title, Formula: s.Formula, Source: s.Source, Bands: p.bands, Lo: p.style.Lo, Hi: p.style.Hi, Classes: s.Classes}
	if p.palette != nil && len(s.Classes) == 0 {
		ramp := p.style.Ramp
		for k, c := range ramp {
			l.Stops = append(l.Stops, Stop{p.style.Lo + (p.style.Hi-p.style.Lo)*float64(k)/float64(len(ramp)-1), c})
		}
	}
	return l, nil
}

// paint is a style made ready.
type paint struct {
	style   Style
	bands   []Band
	formula *Formula
	palette palette       // nil for composites
	entry   map[int]uint8 // of classes
	hatch   uint8         // of MaskedColor, 0 = none
	top     uint8         // the ramp's last entry
}

// plan checks a style and fills in its defaults.
func (s Style) plan() (*paint, error) {
	p := &paint{style: s, bands: s.Bands}
	bad := func(format string, a ...any) (*paint, error) {
		return nil, fmt.Errorf("style %s: %w", s.Name, fmt.Errorf(format, a...))
	}
	if s.Formula != "" {
		if s.Layer != nil || len(s.Bands) > 0 {
			return bad("a formula brings its own bands and takes no function beside it")
		}
		var err error
		if p.formula, err = ParseFormula(s.Formula); err != nil {
			return bad("%w", err)
		}
		p.bands = p.formula.Bands
	}
	stored := p.formula == nil && s.Layer == nil && len(s.Classes) > 0
	for _, b := range p.bands {
		if !slices.Contains(OpticalBands, b) && !(b == SCL && (stored || s.Layer != nil)) {
			return bad("band %s is not reflectance", b)
		}
	}
	composite := p.formula == nil && s.Layer == nil && !stored
	switch {
	case len(p.bands) == 0:
		return bad("it names no band")
	case stored && len(p.bands) != 1:
		return bad("classes without a formula or function are of one band, not of %d", len(p.bands))
	case composite && len(p.bands) != 3:
		return bad("a colour composite has three bands, not %d", len(p.bands))
	case len(s.Classes) > 255:
		return bad("%d classes, at most 255 can be shown", len(s.Classes))
	case len(s.Classes) > 0:
		return p.withClasses(), nil
	case composite && s.Lo == 0 && s.Hi == 0:
		p.style.Hi = 0.3
	}
	if p.style.Gamma == 0 {
		p.style.Gamma = 1
	}
	switch {
	case !(p.style.Lo < p.style.Hi) || math.IsInf(p.style.Lo, 0) || math.IsInf(p.style.Hi, 0):
		return bad("its range %g to %g is empty or not finite", s.Lo, s.Hi)
	case !(p.style.Gamma > 0 && p.style.Gamma < 100):
		return bad("gamma %g: it is above 0 and below 100", s.Gamma)
	case composite:
		return p, nil
	case p.style.Ramp == nil:
		p.style.Ramp = Viridis
	case len(p.style.Ramp) < 2:
		return bad("a ramp has at least two colours")
	}
	p.palette, p.top = p.style.Ramp.palette(), rampSteps
	return p, nil
}

func (p *paint) withClasses() *paint {
	p.palette, p.entry = palette{{}}, map[int]uint8{}
	for _, c := range p.style.Classes {
		p.entry[c.Value] = uint8(len(p.palette))
		p.palette = append(p.palette, c.Color)
	}
	return p
}

// color paints pixels of the canvas that have data in all planes.
func (p *paint) color(ctx context.Context, c *canvas, s Scene, planes []drawnBand, px []int32) error {
	switch {
	case len(px) == 0:
	case p.palette == nil:
		p.composite(c, s, planes, px)
	case p.formula == nil && p.style.Layer == nil:
		for _, i := range px {
			if e := p.entry[int(planes[0].values[planes[0].at[i]])]; e > 0 {
				c.set(i, e)
			}
		}
	default:
		return p.values(ctx, c, s, planes, px)
	}
	return nil
}

// composite paints three bands as red, green and blue.
func (p *paint) composite(c *canvas, s Scene, planes []drawnBand, px []int32) {
	top := min(max(p.style.Hi*10000-s.Settled.DN0, 0), math.MaxUint16)
	bright := make([]uint8, int(top)+1) // by DN
	for dn := range bright {
		t := ((float64(dn)+s.Settled.DN0)/10000 - p.style.Lo) / (p.style.Hi - p.style.Lo)
		bright[dn] = uint8(255*math.Pow(min(max(t, 0), 1), 1/p.style.Gamma) + 0.5)
	}
	last := uint16(len(bright) - 1)
	r, g, b := planes[0], planes[1], planes[2]
	for _, i := range px {
		c.setRGB(i, bright[min(r.values[r.at[i]], last)], bright[min(g.values[g.at[i]], last)], bright[min(b.values[b.at[i]], last)])
	}
}

// values paints one value per pixel, by formula or function.
func (p *paint) values(ctx context.Context, c *canvas, s Scene, planes []drawnBand, px []int32) error {
	for len(c.floats) < len(planes) {
		c.floats = append(c.floats, nil)
	}
	bands := make([][]float32, len(planes))
	for k, pl := range planes {
		c.floats[k] = room(c.floats[k], len(px))
		bands[k] = c.floats[k]
		scale, dn0 := float32(1)/10000, float32(s.Settled.DN0)
		if p.bands[k] == SCL {
			scale, dn0 = 1, 0
		}
		for n, i := range px {
			bands[k][n] = (float32(pl.values[pl.at[i]]) + dn0) * scale
		}
	}
	c.out = room(c.out, len(px))
	if p.formula != nil {
		p.formula.Eval(bands, c.out)
	} else if err := p.style.Layer(ctx, s, bands, c.out); err != nil {
		return fmt.Errorf("compute layer %s: %w", p.style.Name, err)
	}
	lo, scale := float32(p.style.Lo), float32((rampSteps-1)/(p.style.Hi-p.style.Lo))
	for n, v := range c.out {
		if v-v != 0 { // NaN or infinite
			continue
		}
		if p.entry == nil {
			c.set(px[n], min(1+uint8(min(max((v-lo)*scale+0.5, 0), rampSteps-1)), p.top))
		} else if e := p.entry[int(math.Round(float64(v)))]; e > 0 {
			c.set(px[n], e)
		}
	}
	return nil
}
