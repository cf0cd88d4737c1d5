package season

import (
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
	wanted := func(id string) bool { _, ok := byID[id]; return ok }
	for _, name := range t.Inputs {
		err := eachObservation(w.eng.cache.inputPath(name), wanted, func(o *raster.Observation) {
			if isRadar(string(o.Band)) {
				radar[o.ParcelID] = append(radar[o.ParcelID], *o)
			} else {
				byID[o.ParcelID] = append(byID[o.ParcelID], *o)
			}
		})
		if err != nil {
			return nil, nil, nil, err
		}
	}
	return shapes, byID, radar, nil
}
