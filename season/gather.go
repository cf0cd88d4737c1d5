package season

import (
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/raster"
)

// gather reads the observations of a task's polygons, by polygon: optical ones
// with growth, and those of radar.
func (w *worker) gather(t Task) (shapes []raster.Shape, byID, radar map[string][]raster.Observation, err error) {
	var land landFile
	if err := w.eng.cache.getJSON(t.Land, &land); err != nil {
		return nil, nil, nil, err
	}
	shapes = land.Shapes[t.First : t.First+t.Count]
	byID, radar = make(map[string][]raster.Observation, len(shapes)), map[string][]raster.Observation{}
	for _, s := range shapes {
		byID[s.ID] = nil
	}
	for _, name := range t.Inputs {
		rows, err := rundir.ReadParquet[rundir.Observation](w.eng.cache.inputPath(name))
		if err != nil {
			return nil, nil, nil, err
		}
		for _, r := range rows {
			if _, wanted := byID[r.ParcelID]; wanted && isRadar(r.Band) {
				radar[r.ParcelID] = append(radar[r.ParcelID], observationOf(r))
			} else if wanted {
				byID[r.ParcelID] = append(byID[r.ParcelID], observationOf(r))
			}
		}
	}
	return shapes, byID, radar, nil
}
