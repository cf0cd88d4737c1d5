package feeds

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/parus-lending/parus/parcels"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
)

// Claims: polygons that growers drew or walked, moved to WGS 84.

var claimMethods = wordsOf(map[string]string{
	"drawn": "auto-imagery, manual, 手绘, 圈画, 地图圈画, 勾画", "walked": "driven, 绕行, 绕田行走, 步行, 实地绕行, 走圈, gps", "surveyed": "测绘, 实测", "unknown": "其他, unknown",
})

// most corners of a claim, and most metres between the ends of a walk that is
// taken to be closed.
const (
	maxCorners = 100_000
	maxGap     = 0.2 // of the walk's length
)

func claim(r *row) parcels.Claim {
	c := parcels.Claim{Provenance: r.provenance(), ClaimID: r.code("claim_id"), GrowerID: r.person(), ParcelID: r.parcel("parcel_id"),
		Season: r.season(), Crop: r.crop(), Method: r.choice("method", claimMethods), Taken: r.date("taken"), StatedM2: r.area(), SourceCRS: r.text("source_crs")}
	if c.Method == "" {
		c.Method = "unknown"
		r.set("method", c.Method)
	}
	v, _ := r.raw("geometry")
	if v == "" {
		return c
	}
	if r.s.stored {
		g, err := shapeOf(v)
		if err != nil {
			r.reject("geometry", err.Error(), "import the claims anew")
			return c
		}
		c.Polygon, _, _ = ringsOf(g)
		if a := r.plain("assumed"); a != "" {
			c.Assumed = strings.Split(a, "; ")
		}
		r.set("geometry", v)
		c.AreaM2 = parcels.AreaM2(c.Polygon)
		return c
	}
	if err := takeClaim(r, &c, r.text("geometry_crs"), v); err != nil {
		r.reject("geometry", err.Error(), "have the land drawn or walked again, or state the coordinates' system (source_crs)")
		return c
	}
	r.set("geometry", wktOf(c.Polygon))
	r.set("source_crs", c.SourceCRS)
	r.set("geometry_crs", "")
	r.set("assumed", strings.Join(c.Assumed, "; "))
	return c
}

// takeClaim reads the geometry and moves it to longitude and latitude of WGS 84; each
// thing assumed is noted with the claim. movedTo is the system that the coordinates
// were moved to since they were taken; empty = none.
func takeClaim(r *row, c *parcels.Claim, movedTo, text string) error {
	name, from := c.SourceCRS, ""
	if name == "" {
		name = r.s.opt.CRS
	}
	if movedTo != "" {
		crs, _, ok := crsNamed(c.SourceCRS)
		if !ok || c.SourceCRS == "" {
			return errUnknownCRS
		}
		name, from = movedTo, crs
	}
	d, err := readDrawn(text, name, r.s.opt.Near)
	for _, a := range d.Assumed {
		if told[a.Code] {
			r.s.odd[a.Code]++
		}
		c.Assumed = append(c.Assumed, a.Detail)
	}
	c.Polygon, c.AreaM2, c.SourceCRS = d.Polygon, d.AreaM2, cmp.Or(from, d.CRS)
	return err
}

var errUnknownCRS = errors.New("its coordinate system is not one that Parus knows: EPSG:4326, EPSG:4490, GCJ-02, or a zone EPSG:4491 to 4554")

// KeptClaims is a table that the claims feed reads, of claims whose polygons lie in
// longitude and latitude of WGS 84 already: its reader finds the same claims, to
// nine decimals of a degree. Of what stands behind a claim it holds SourceCRS,
// which its coordinates came in, and no person but by grower_id.
func KeptClaims(claims []parcels.Claim) *Table {
	t := NewTable("claims", "claim_id", "grower_id", "parcel_id", "season", "crop", "method", "taken", "source_crs", "geometry_crs", "geometry", "received")
	for _, c := range claims {
		t.Add(c.ClaimID, c.GrowerID, c.ParcelID, c.Season, c.Crop, c.Method, c.Taken, c.SourceCRS, "EPSG:4326", wktOf(c.Polygon), c.Received)
	}
	return t
}

// rounded is the polygon as the store writes it.
func rounded(mp orb.MultiPolygon) (orb.MultiPolygon, string, error) {
	g, err := shapeOf(wktOf(mp))
	if err != nil {
		return nil, "", err
	}
	return ringsOf(g)
}

// shapeOf reads WKT.
func shapeOf(text string) (g orb.Geometry, err error) {
	if len(text) > 40*maxCorners {
		return nil, errors.New("its polygon has too many corners")
	}
	if i := strings.IndexByte(text, ';'); i > 0 && strings.HasPrefix(strings.ToUpper(text), "SRID=") {
		text = text[i+1:]
	}
	if g, err = wkt.Unmarshal(strings.ToUpper(strings.TrimSpace(text))); err != nil {
		return nil, errors.New("it is not the text of a polygon (WKT)")
	}
	return g, nil
}

// ringsOf takes polygons, and a walk that comes back to where it began.
func ringsOf(g orb.Geometry) (mp orb.MultiPolygon, closed string, err error) {
	switch x := g.(type) {
	case orb.Polygon:
		mp = orb.MultiPolygon{x}
	case orb.MultiPolygon:
		mp = x
	case orb.LineString:
		ring := orb.Ring(x)
		if len(ring) < 3 {
			return nil, "", errors.New("the walk has fewer than three points")
		}
		first, last := ring[0], ring[len(ring)-1]
		if first != last {
			long := 0.0
			for i := 1; i < len(ring); i++ {
				long += math.Hypot(ring[i][0]-ring[i-1][0], ring[i][1]-ring[i-1][1])
			}
			gap := math.Hypot(last[0]-first[0], last[1]-first[1])
			if gap > maxGap*long {
				return nil, "", fmt.Errorf("the walk does not come back to where it began: the gap is %.0f %% of its length", 100*gap/long)
			}
			ring = append(append(orb.Ring{}, ring...), first)
			closed = fmt.Sprintf("the walk was closed over a gap of %.0f %% of its length", 100*gap/long)
		}
		mp = orb.MultiPolygon{{ring}}
	default:
		return nil, "", errors.New("it is neither a polygon nor a walk")
	}
	n := 0
	for _, poly := range mp {
		if len(poly) == 0 {
			return nil, "", errors.New("its polygon is empty")
		}
		for _, ring := range poly {
			n += len(ring)
			for _, p := range ring {
				if math.IsNaN(p[0]+p[1]) || math.IsInf(p[0]+p[1], 0) {
					return nil, "", errors.New("a coordinate is no number")
				}
			}
		}
	}
	if n == 0 || n > maxCorners {
		return nil, "", errors.New("its polygon has no corners, or too many")
	}
	return mp, closed, nil
}

// wktOf writes degrees to nine decimals, a tenth of a millimetre.
func wktOf(mp orb.MultiPolygon) string {
	var b []byte
	b = append(b, "MULTIPOLYGON("...)
	for i, poly := range mp {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '(')
		for j, ring := range poly {
			if j > 0 {
				b = append(b, ',')
			}
			b = append(b, '(')
			for k, p := range ring {
				if k > 0 {
					b = append(b, ',')
				}
				b = strconv.AppendFloat(b, math.Round(p[0]*1e9)/1e9, 'f', -1, 64)
				b = append(b, ' ')
				b = strconv.AppendFloat(b, math.Round(p[1]*1e9)/1e9, 'f', -1, 64)
			}
			b = append(b, ')')
		}
		b = append(b, ')')
	}
	return string(append(b, ')'))
}

// crsNamed is a coordinate system by one of its names: its own name, and its
// code where it is a zone.
func crsNamed(name string) (crs string, epsg int, ok bool) {
	n := strings.ToUpper(plain(name))
	switch n {
	case "", "WGS84", "EPSG4326", "4326", "CRS84", "URNOGCDEFCRSOGC13CRS84", "URNOGCDEFCRSEPSG4326", "GPS":
		return "EPSG:4326", 0, true
	case "CGCS2000", "EPSG4490", "4490", "URNOGCDEFCRSEPSG4490", "国家2000", "2000国家大地坐标系", "大地2000":
		return "EPSG:4490", 0, true
	case "GCJ02", "火星坐标", "火星坐标系", "高德", "腾讯", "GAODE", "AMAP":
		return "GCJ-02", 0, true
	}
	n = strings.TrimPrefix(strings.TrimPrefix(n, "URNOGCDEFCRS"), "EPSG")
	if code, err := strconv.Atoi(n); err == nil {
		if _, err := parcels.Unproject(nil, code); err == nil {
			return fmt.Sprintf("EPSG:%d", code), code, true
		}
	}
	return "", 0, false
}
