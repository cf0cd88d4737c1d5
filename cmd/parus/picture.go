package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/paulmach/orb"

	"github.com/parus-lending/parus/raster"
	"github.com/parus-lending/parus/raster/gdal"
)

type pictureCmd struct {
	Catalog   string    `arg:"" help:"STAC catalog: path or address."`
	Scene     string    `arg:"" help:"ID of the scene."`
	Out       string    `required:"" type:"path" help:"PNG file to write."`
	Style     string    `default:"truecolor" help:"What to show: truecolor, falsecolor, agriculture, shortwave, ndvi, evi2, ndre, ndmi, ndwi, bsi, scl."`
	Formula   string    `help:"Show a formula of bands instead of a style: (B08-B04)/(B08+B04)."`
	Lo        float64   `default:"0" help:"With --formula: the value of the ramp's first colour."`
	Hi        float64   `default:"1" help:"With --formula: the value of the ramp's last colour."`
	Ramp      string    `enum:"viridis,cividis,brbg" default:"viridis" help:"With --formula: the colours."`
	Width     int       `default:"1024" help:"Pixels from west to east."`
	BBox      []float64 `name:"bbox" placeholder:"W,S,E,N" help:"Longitudes and latitudes to show. Default: the whole scene."`
	HideCloud bool      `help:"Leave cloud and its shadow transparent, as the scene classification tells."`
}

func (c *pictureCmd) Run(ctx context.Context) error {
	style, err := c.style()
	if err != nil {
		return err
	}
	scenes, _, err := raster.ReadCatalog(ctx, c.Catalog, raster.CatalogOptions{})
	if err != nil {
		return err
	}
	k := slices.IndexFunc(scenes, func(s raster.Scene) bool { return s.ID == c.Scene })
	if k < 0 {
		var ids []string
		for _, s := range scenes[:min(len(scenes), 5)] {
			ids = append(ids, s.ID)
		}
		return fmt.Errorf("%s has no scene %s; its %d scenes begin with %v", c.Catalog, c.Scene, len(scenes), ids)
	}
	f, err := c.frame(scenes[k])
	if err != nil {
		return err
	}
	s, err := settled(ctx, scenes[k])
	if err != nil {
		return err
	}
	r := raster.NewRenderer(func() raster.LevelReader { return gdal.Open(gdal.Options{}) }, raster.RenderOptions{})
	defer r.Close()
	png, err := r.Picture(ctx, f, []raster.Scene{s}, style, raster.TileOptions{HideCloud: c.HideCloud})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.Out), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, png, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %s of %s, %d × %d pixels\n", c.Out, style.Title, s.ID, f.Width, f.Height)
	return nil
}

func (c *pictureCmd) style() (raster.Style, error) {
	if c.Formula == "" {
		s, err := raster.StyleByName(c.Style)
		if err != nil {
			return s, fmt.Errorf("%w: --style: %v", errUsage, err)
		}
		return s, nil
	}
	s := raster.Style{Name: "formula", Title: c.Formula, Formula: c.Formula, Lo: c.Lo, Hi: c.Hi, Ramp: raster.Ramps[c.Ramp]}
	if _, err := s.Legend(); err != nil {
		return s, fmt.Errorf("%w: %v", errUsage, err)
	}
	return s, nil
}

// frame is what the picture shows: the box, or all of the scene.
func (c *pictureCmd) frame(s raster.Scene) (raster.Frame, error) {
	var b orb.Bound
	switch len(c.BBox) {
	case 4:
		b = orb.Bound{Min: orb.Point{c.BBox[0], c.BBox[1]}, Max: orb.Point{c.BBox[2], c.BBox[3]}}
	case 0:
		if len(s.Footprint) == 0 {
			return raster.Frame{}, fmt.Errorf("scene %s tells no footprint: give --bbox", s.ID)
		}
		b = s.Footprint.Bound()
	default:
		return raster.Frame{}, fmt.Errorf("%w: --bbox has %d numbers: it takes west,south,east,north", errUsage, len(c.BBox))
	}
	f, err := raster.BoundFrame(b, c.Width)
	if err != nil {
		return f, fmt.Errorf("%w: %v", errUsage, err)
	}
	return f, nil
}

// settled is the scene with the radiometric offset that its metadata and pixels
// tell.
func settled(ctx context.Context, s raster.Scene) (raster.Scene, error) {
	r := gdal.Open(gdal.Options{})
	defer r.Close()
	samples := map[string]raster.Sample{}
	if _, ok := s.Assets[raster.SCL]; ok { // without, the metadata's word stands alone
		sample, err := raster.SampleScene(ctx, r, s)
		if err != nil {
			return s, err
		}
		samples[s.ID] = sample
	}
	offsets, warns := raster.SettleOffsets([]raster.Scene{s}, samples)
	for _, w := range warns {
		fmt.Fprintf(os.Stderr, "parus: %s %s: %s\n", w.Code, w.Subject, w.Detail)
	}
	s.Settled = offsets[s.ID]
	return s, nil
}
