package raster

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
)

// safeProduct is what MTD_MSIL2A.xml tells of a product (Sentinel-2 Products
// Specification Document, Level-2A user product). Elements are found by their
// local names: the namespaces change with each edition.
type safeProduct struct {
	level, baseline, platform string
	start                     time.Time
	quantification            float64         // DN of reflectance 1
	offsets                   map[int]float64 // BOA_ADD_OFFSET in DN by band_id; empty before baseline 04.00
	noData                    float64
	cloud                     *float64
	footprint                 orb.Polygon
}

// safeTile is what a granule's MTD_TL.xml tells.
type safeTile struct {
	id              string
	sensed          time.Time
	grids           map[int]Grid // by resolution in metres
	zenith, azimuth *float64     // mean sun angles, degrees
	view            viewAngles   // mean view angles of the optical bands
	cloud           *float64     // percent
}

// bandIDs are the numbers of the bands in both files.
var bandIDs = map[Band]int{B02: 1, B03: 2, B04: 3, B05: 4, B06: 5, B07: 6, B08: 7, B8A: 8, B11: 11, B12: 12}

// maxDepthXML of elements in elements; the products have about eight.
const maxDepthXML = 64

// xmlLeaf is an element with text: its local names from the root, its
// attributes by local name, and the text, trimmed.
type xmlLeaf struct {
	path []string
	attr map[string]string
	text string
}

func (l xmlLeaf) name() string { return l.path[len(l.path)-1] }

// in reports whether the leaf lies in an element of that name.
func (l xmlLeaf) in(name string) bool {
	for _, p := range l.path[:len(l.path)-1] {
		if p == name {
			return true
		}
	}
	return false
}

// eachLeaf calls do for every element that holds text and no elements. A leaf
// has its own attributes and those of the elements around it, the nearest first.
func eachLeaf(b []byte, do func(xmlLeaf) error) error {
	dec := xml.NewDecoder(bytes.NewReader(b))
	type open struct {
		attr map[string]string
		text strings.Builder
		leaf bool
	}
	var stack []*open
	var path []string
	seen := false
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			if !seen {
				return errors.New("it holds no XML element")
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			seen = true
			if len(stack) >= maxDepthXML {
				return fmt.Errorf("line %d: elements lie more than %d deep", lineOf(dec), maxDepthXML)
			}
			o := &open{attr: map[string]string{}, leaf: true}
			if len(stack) > 0 {
				stack[len(stack)-1].leaf = false
				for k, v := range stack[len(stack)-1].attr {
					o.attr[k] = v
				}
			}
			for _, a := range t.Attr {
				o.attr[a.Name.Local] = a.Value
			}
			stack, path = append(stack, o), append(path, t.Name.Local)
		case xml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text.Write(t)
			}
		case xml.EndElement:
			o := stack[len(stack)-1]
			if text := strings.TrimSpace(o.text.String()); o.leaf && text != "" {
				if err := do(xmlLeaf{path, o.attr, text}); err != nil {
					return fmt.Errorf("line %d: %s: %w", lineOf(dec), path[len(path)-1], err)
				}
			}
			stack, path = stack[:len(stack)-1], path[:len(path)-1]
		}
	}
}

func lineOf(dec *xml.Decoder) int {
	line, _ := dec.InputPos()
	return line
}

// parseProductXML reads MTD_MSIL2A.xml.
func parseProductXML(b []byte) (safeProduct, error) {
	p := safeProduct{offsets: map[int]float64{}}
	special := ""
	err := eachLeaf(b, func(l xmlLeaf) (err error) {
		switch l.name() {
		case "PROCESSING_LEVEL":
			p.level = l.text
		case "PROCESSING_BASELINE":
			p.baseline = l.text
		case "SPACECRAFT_NAME":
			p.platform = strings.ToLower(l.text)
		case "PRODUCT_START_TIME":
			p.start, err = parseUTC(l.text)
		case "BOA_QUANTIFICATION_VALUE":
			p.quantification, err = finite(l.text)
		case "BOA_ADD_OFFSET":
			id, e := strconv.Atoi(l.attr["band_id"])
			if e != nil {
				return fmt.Errorf("its band_id %q is no number", l.attr["band_id"])
			}
			p.offsets[id], err = finite(l.text)
		case "SPECIAL_VALUE_TEXT":
			special = l.text
		case "SPECIAL_VALUE_INDEX":
			if special == "NODATA" {
				p.noData, err = finite(l.text)
			}
		case "Cloud_Coverage_Assessment":
			p.cloud, err = percent(l.text)
		case "EXT_POS_LIST":
			p.footprint, err = latLonRing(l.text)
		}
		return err
	})
	switch {
	case err != nil:
		return safeProduct{}, err
	case p.start.IsZero():
		return safeProduct{}, errors.New("it tells no PRODUCT_START_TIME")
	case p.quantification == 0:
		return safeProduct{}, errors.New("it tells no BOA_QUANTIFICATION_VALUE: it is no Level-2A product")
	}
	return p, nil
}

// parseTileXML reads MTD_TL.xml.
func parseTileXML(b []byte) (safeTile, error) {
	t := safeTile{grids: map[int]Grid{}}
	epsg := 0
	err := eachLeaf(b, func(l xmlLeaf) (err error) {
		at := func() (g Grid, res int, err error) {
			res, err = strconv.Atoi(l.attr["resolution"])
			if err != nil || res <= 0 {
				return g, 0, fmt.Errorf("its resolution %q is no number of metres", l.attr["resolution"])
			}
			g = t.grids[res]
			g.Res = float64(res)
			return g, res, nil
		}
		switch name := l.name(); name {
		case "TILE_ID":
			t.id = l.text
		case "SENSING_TIME":
			t.sensed, err = parseUTC(l.text)
		case "HORIZONTAL_CS_CODE":
			if epsg = epsgPtr(nil, l.text); epsg <= 0 {
				return fmt.Errorf("%q is no EPSG code", l.text)
			}
		case "NROWS", "NCOLS":
			g, res, err := at()
			if err != nil {
				return err
			}
			n, err := strconv.Atoi(l.text)
			if err != nil || n <= 0 || n > 1<<20 {
				return fmt.Errorf("%q is no number of pixels", l.text)
			}
			if name == "NROWS" {
				g.Height = n
			} else {
				g.Width = n
			}
			t.grids[res] = g
		case "ULX", "ULY":
			g, res, err := at()
			if err != nil {
				return err
			}
			v, err := finite(l.text)
			if err != nil {
				return err
			}
			if name == "ULX" {
				g.X0 = v
			} else {
				g.Y0 = v
			}
			t.grids[res] = g
		case "ZENITH_ANGLE", "AZIMUTH_ANGLE":
			if l.in("Mean_Viewing_Incidence_Angle") {
				return t.view.add(l)
			}
			if !l.in("Mean_Sun_Angle") {
				return nil
			}
			v, err := finite(l.text)
			if err != nil {
				return err
			}
			if name == "ZENITH_ANGLE" {
				t.zenith = &v
			} else {
				t.azimuth = &v
			}
		case "CLOUDY_PIXEL_PERCENTAGE":
			t.cloud, err = percent(l.text)
		}
		return err
	})
	if err != nil {
		return safeTile{}, err
	}
	for res, g := range t.grids {
		if g.EPSG = epsg; epsg == 0 || g.Width == 0 || g.Height == 0 {
			return safeTile{}, fmt.Errorf("its Tile_Geocoding is not whole: no HORIZONTAL_CS_CODE, NROWS or NCOLS for %d m", res)
		}
		t.grids[res] = g
	}
	if len(t.grids) == 0 {
		return safeTile{}, errors.New("it tells no Tile_Geocoding")
	}
	return t, nil
}

// parseUTC reads the product's times: with or without Z, always UTC.
func parseUTC(s string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, strings.TrimSuffix(s, "Z")+"Z")
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is no time (2024-06-12T03:05:41.024Z)", s)
	}
	return t, nil
}

func finite(s string) (float64, error) {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("%q is no number", s)
	}
	return v, nil
}

func percent(s string) (*float64, error) {
	v, err := finite(s)
	if err != nil || v < 0 || v > 100 {
		return nil, fmt.Errorf("%q is no percentage", s)
	}
	return &v, nil
}

// latLonRing reads a ring written as lat lon lat lon ….
func latLonRing(s string) (orb.Polygon, error) {
	f := strings.Fields(s)
	if len(f)%2 != 0 || len(f) < 8 {
		return nil, fmt.Errorf("%d numbers make no ring of latitudes and longitudes", len(f))
	}
	ring := make(orb.Ring, 0, len(f)/2+1)
	for i := 0; i < len(f); i += 2 {
		lat, err := finite(f[i])
		if err != nil {
			return nil, err
		}
		lon, err := finite(f[i+1])
		if err != nil {
			return nil, err
		}
		if math.Abs(lat) > 90 || math.Abs(lon) > 180 {
			return nil, fmt.Errorf("%g %g is no latitude and longitude", lat, lon)
		}
		ring = append(ring, orb.Point{lon, lat})
	}
	if ring[0] != ring[len(ring)-1] {
		ring = append(ring, ring[0])
	}
	return orb.Polygon{ring}, nil
}
