package gdal

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
)

// COGOptions of WriteCOG. The zero value is the default.
type COGOptions struct {
	BlockSize int  // 0 = 512
	Byte      bool // store as 8 bit (scene classification)
}

// WriteCOG writes values (row-major, grid.Width × grid.Height) as a
// cloud-optimised GeoTIFF: DEFLATE with predictor 2, no data 0. Equal input
// gives equal bytes.
func WriteCOG(path string, g raster.Grid, values []uint16, opt COGOptions) (err error) {
	register()
	if len(values) != g.Width*g.Height {
		return fmt.Errorf("write %s: %d values for %d × %d pixels", path, len(values), g.Width, g.Height)
	}
	if opt.BlockSize == 0 {
		opt.BlockSize = 512
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	typ := godal.UInt16
	var buf any = values
	if opt.Byte {
		typ = godal.Byte
		b := make([]byte, len(values))
		for i, v := range values {
			b[i] = byte(v)
		}
		buf = b
	}
	mem, err := godal.Create(godal.Memory, "", 1, typ, g.Width, g.Height)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer mem.Close()
	sr, err := godal.NewSpatialRefFromEPSG(g.EPSG)
	if err != nil {
		return fmt.Errorf("write %s: EPSG:%d: %w", path, g.EPSG, err)
	}
	defer sr.Close()
	if err := mem.SetSpatialRef(sr); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := mem.SetGeoTransform([6]float64{g.X0, g.Res, 0, g.Y0, 0, -g.Res}); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := mem.SetNoData(0); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := mem.Bands()[0].Write(0, 0, buf, g.Width, g.Height); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	resampling := "AVERAGE"
	if opt.Byte {
		resampling = "NEAREST"
	}
	out, err := mem.Translate(path, []string{"-of", "COG", "-co", "COMPRESS=DEFLATE", "-co", "PREDICTOR=2", "-co", "NUM_THREADS=1",
		"-co", fmt.Sprintf("BLOCKSIZE=%d", opt.BlockSize), "-co", "RESAMPLING=" + resampling}, godal.ErrLogger(onlyErrors))
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
