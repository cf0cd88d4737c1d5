package rundir

import (
	"fmt"
	"path/filepath"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
)

// Shape is a row of parcels.parquet, a GeoParquet file: the polygon (lon, lat)
// of each parcel and the plot it is judged with.
type Shape struct {
	ParcelID string
	PlotID   string
	AreaMu   float64
	Polygon  orb.MultiPolygon
}

type shapeRow struct {
	ParcelID string  `parquet:"parcel_id"`
	PlotID   string  `parquet:"plot_id,dict"`
	AreaMu   float64 `parquet:"area_mu"`
	Geometry []byte  `parquet:"geometry"`
}

// geoMeta is the GeoParquet 1.0 footer; no "crs" means OGC:CRS84 (lon, lat).
const geoMeta = `{"version":"1.0.0","primary_column":"geometry","columns":{"geometry":{"encoding":"WKB","geometry_types":["MultiPolygon"]}}}`

// WriteShapes writes parcels.parquet in the order given.
func WriteShapes(dir string, shapes []Shape) error {
	rows := make([]shapeRow, len(shapes))
	for i, s := range shapes {
		b, err := wkb.Marshal(s.Polygon)
		if err != nil {
			return fmt.Errorf("parcel %s: %w", s.ParcelID, err)
		}
		rows[i] = shapeRow{s.ParcelID, s.PlotID, s.AreaMu, b}
	}
	return WriteParquet(filepath.Join(dir, ParcelsFile), rows, [2]string{"geo", geoMeta})
}

// ReadShapes reads parcels.parquet.
func ReadShapes(dir string) ([]Shape, error) {
	rows, err := ReadParquet[shapeRow](filepath.Join(dir, ParcelsFile))
	if err != nil {
		return nil, err
	}
	out := make([]Shape, len(rows))
	for i, r := range rows {
		g, err := wkb.Unmarshal(r.Geometry)
		if err != nil {
			return nil, fmt.Errorf("read %s: geometry of parcel %s: %w", ParcelsFile, r.ParcelID, err)
		}
		out[i] = Shape{ParcelID: r.ParcelID, PlotID: r.PlotID, AreaMu: r.AreaMu}
		switch g := g.(type) {
		case orb.MultiPolygon:
			out[i].Polygon = g
		case orb.Polygon:
			out[i].Polygon = orb.MultiPolygon{g}
		}
	}
	return out, nil
}
