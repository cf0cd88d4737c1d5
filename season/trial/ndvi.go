package trial

import (
	"fmt"
	"slices"

	"github.com/parus-lending/parus/models"
	"github.com/parus-lending/parus/raster"
)

const ndviName = "ndvi" // column in place of the bands, for networks that read nothing else

// setNDVI gives a date the red and infrared reflectance (1 − v)/4 and (1 + v)/4,
// which have that NDVI and keep its order where medians are taken.
func setNDVI(l *models.Look, v float64) {
	l.Bands[slices.Index(raster.OpticalBands, raster.B04)], l.Bands[slices.Index(raster.OpticalBands, raster.B08)] = (1-v)/4, (1+v)/4
}

// fits refuses a table of NDVI alone for a network that reads bands.
func fits(card *models.Card, path string) error {
	if card.NDVIOnly() {
		return nil
	}
	t, err := openLong(path, nil)
	if err != nil {
		return err
	}
	defer t.r.Close()
	if t.ndvi >= 0 && t.radar[0] < 0 {
		return fmt.Errorf("table %s has ndvi and no bands: model %s reads the bands (docs/models.md); crop-ndvi reads NDVI alone", path, card.Name)
	}
	return nil
}
