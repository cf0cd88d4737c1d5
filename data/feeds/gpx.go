package feeds

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"time"

	"golang.org/x/text/encoding/htmlindex"
)

// gpxTable reads the tracks and routes of a GPX file as rows: the walk as WKT
// under "geometry", the track's name as claim_id (else its number), the first
// point's day as "taken", the method "walked", and a column for each element of
// its extensions. The segments of a track are one walk.
func gpxTable(path string) func(context.Context, func(line) error) error {
	return func(ctx context.Context, use func(line) error) error {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rows, err := gpxRows(b)
		return feed(ctx, rows, err, use)
	}
}

// china is the zone in which days are meant.
var china = time.FixedZone("UTC+8", 8*3600)

type gpxPoint struct {
	Lat  string `xml:"lat,attr"`
	Lon  string `xml:"lon,attr"`
	Time string `xml:"time"`
}

type gpxWalk struct {
	Name       string `xml:"name"`
	Extensions struct {
		Any []struct {
			XMLName xml.Name
			Text    string `xml:",chardata"`
		} `xml:",any"`
	} `xml:"extensions"`
	Segments []struct {
		Points []gpxPoint `xml:"trkpt"`
	} `xml:"trkseg"`
	Points []gpxPoint `xml:"rtept"`
}

func gpxRows(b []byte) ([]line, error) {
	var file struct {
		XMLName xml.Name  `xml:"gpx"`
		Tracks  []gpxWalk `xml:"trk"`
		Routes  []gpxWalk `xml:"rte"`
	}
	d := xml.NewDecoder(strings.NewReader(string(b)))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		e, err := htmlindex.Get(charset)
		if err != nil {
			return nil, fmt.Errorf("its encoding is not known: save it as UTF-8")
		}
		return e.NewDecoder().Reader(in), nil
	}
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("it is no readable GPX: %w", err)
	}
	walks := append(file.Tracks, file.Routes...)
	names := map[string]bool{}
	for _, w := range walks {
		for _, x := range w.Extensions.Any {
			names[x.XMLName.Local] = true
		}
	}
	for _, own := range []string{"claim_id", "taken", "method", "geometry"} {
		delete(names, own)
	}
	more := slices.Sorted(maps.Keys(names))
	rows := []line{{cells: append([]string{"claim_id", "taken", "method", "geometry"}, more...)}}
	for i, w := range walks {
		points := w.Points
		for _, s := range w.Segments {
			points = append(points, s.Points...)
		}
		l := line{number: i + 1}
		id, day := strings.TrimSpace(w.Name), ""
		if id == "" {
			id = strconv.Itoa(i + 1)
		}
		for _, p := range points {
			if at, err := time.Parse(time.RFC3339, strings.TrimSpace(p.Time)); err == nil {
				day = at.In(china).Format("2006-01-02")
				break
			}
		}
		shape, err := wktOfWalk(points)
		if err != nil {
			l.fault = err.Error()
		}
		l.cells = []string{id, day, "walked", shape}
		for _, name := range more {
			v := ""
			for _, x := range w.Extensions.Any {
				if x.XMLName.Local == name {
					v = strings.TrimSpace(x.Text)
				}
			}
			l.cells = append(l.cells, v)
		}
		rows = append(rows, l)
	}
	return rows, nil
}

func wktOfWalk(points []gpxPoint) (string, error) {
	if len(points) < 3 {
		return "", fmt.Errorf("the walk has fewer than three points")
	}
	var b strings.Builder
	b.WriteString("LINESTRING(")
	for i, p := range points {
		lon, err := strconv.ParseFloat(p.Lon, 64)
		lat, err2 := strconv.ParseFloat(p.Lat, 64)
		if err != nil || err2 != nil {
			return "", fmt.Errorf("point %d of the walk has no longitude and latitude", i+1)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatFloat(lon, 'f', -1, 64) + " " + strconv.FormatFloat(lat, 'f', -1, 64))
	}
	b.WriteByte(')')
	return b.String(), nil
}
