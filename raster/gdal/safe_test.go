package gdal

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/airbusgeo/godal"
	"github.com/parus-lending/parus/raster"
)

const safeName = "S2B_MSIL2A_20240610T030541_N0510_R075_T50SKA_20240610T062000"

// safeGrids are of a product of 620 × 600 pixels of 10 m at the corner of tile
// 50SKA.
var safeGrids = map[int]raster.Grid{
	10: {EPSG: 32650, X0: 199980, Y0: 3600000, Res: 10, Width: 620, Height: 600},
	20: {EPSG: 32650, X0: 199980, Y0: 3600000, Res: 20, Width: 310, Height: 300},
}

var safeBands = map[raster.Band]int{raster.B02: 10, raster.B03: 10, raster.B04: 10, raster.B08: 10, raster.B05: 20, raster.B06: 20, raster.B07: 20,
	raster.B8A: 20, raster.B11: 20, raster.B12: 20, raster.SCL: 20}

// safePixels are made up: no data along the left edge, else DN of 1001 and more
// that differ by band; classes 0–11 of SCL.
func safePixels(b raster.Band) []uint16 {
	g := safeGrids[safeBands[b]]
	v := make([]uint16, g.Width*g.Height)
	seed := uint32(b[1])*31 + uint32(b[len(b)-1])
	for i := range v {
		h := (uint32(i) + seed) * 2654435761
		switch {
		case b == raster.SCL:
			v[i] = uint16(h>>16) % 12
		case i%g.Width > 3:
			v[i] = 1001 + uint16(h>>16)%9000
		}
	}
	return v
}

// makeSAFE writes a product as ESA does: lossless JPEG 2000 of 15 bits, and the
// metadata by the Products Specification Document (PSD 15, Level-2A), shortened.
func makeSAFE(t *testing.T, parent string) string {
	t.Helper()
	dir := filepath.Join(parent, safeName+".SAFE")
	granule := filepath.Join(dir, "GRANULE", "L2A_T50SKA_A037918_20240610T031120")
	for b, res := range safeBands {
		path := filepath.Join(granule, "IMG_DATA", fmt.Sprintf("R%dm", res), fmt.Sprintf("T50SKA_20240610T030541_%s_%dm.jp2", b, res))
		writeJP2(t, path, safeGrids[res], safePixels(b), b == raster.SCL)
	}
	var offsets strings.Builder
	for id := range 13 {
		fmt.Fprintf(&offsets, `<BOA_ADD_OFFSET band_id="%d">-1000</BOA_ADD_OFFSET>`, id)
	}
	put(t, filepath.Join(dir, "MTD_MSIL2A.xml"), `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<n1:Level-2A_User_Product xmlns:n1="https://psd-15.sentinel2.eo.esa.int/PSD/User_Product_Level-2A.xsd"><n1:General_Info><Product_Info>
<PRODUCT_START_TIME>2024-06-10T03:05:41.024Z</PRODUCT_START_TIME><PROCESSING_LEVEL>Level-2A</PROCESSING_LEVEL><PROCESSING_BASELINE>05.10</PROCESSING_BASELINE>
<Datatake><SPACECRAFT_NAME>Sentinel-2B</SPACECRAFT_NAME></Datatake></Product_Info><Product_Image_Characteristics>
<Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT><SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX></Special_Values>
<QUANTIFICATION_VALUES_LIST><BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST>
<BOA_ADD_OFFSET_VALUES_LIST>`+offsets.String()+`</BOA_ADD_OFFSET_VALUES_LIST></Product_Image_Characteristics></n1:General_Info>
<n1:Geometric_Info><Product_Footprint><Product_Footprint><Global_Footprint><EXT_POS_LIST>32.489 113.81 32.489 113.88 32.43 113.88 32.43 113.81 32.489 113.81</EXT_POS_LIST></Global_Footprint></Product_Footprint></Product_Footprint></n1:Geometric_Info>
<n1:Quality_Indicators_Info><Cloud_Coverage_Assessment>12.25</Cloud_Coverage_Assessment></n1:Quality_Indicators_Info></n1:Level-2A_User_Product>`)
	var sizes strings.Builder
	for _, res := range []int{10, 20} {
		g := safeGrids[res]
		fmt.Fprintf(&sizes, `<Size resolution="%d"><NROWS>%d</NROWS><NCOLS>%d</NCOLS></Size><Geoposition resolution="%d"><ULX>%.0f</ULX><ULY>%.0f</ULY><XDIM>%d</XDIM><YDIM>-%d</YDIM></Geoposition>`,
			res, g.Height, g.Width, res, g.X0, g.Y0, res, res)
	}
	put(t, filepath.Join(granule, "MTD_TL.xml"), `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<n1:Level-2A_Tile_ID xmlns:n1="https://psd-15.sentinel2.eo.esa.int/PSD/S2_PDI_Level-2A_Tile_Metadata.xsd"><n1:General_Info>
<TILE_ID>S2B_OPER_MSI_L2A_TL_2BPS_20240610T062000_A037918_T50SKA_N05.10</TILE_ID></n1:General_Info><n1:Geometric_Info><Tile_Geocoding>
<HORIZONTAL_CS_CODE>EPSG:32650</HORIZONTAL_CS_CODE>`+sizes.String()+`</Tile_Geocoding><Tile_Angles><Mean_Sun_Angle><ZENITH_ANGLE unit="deg">18.125</ZENITH_ANGLE>
<AZIMUTH_ANGLE unit="deg">110.5</AZIMUTH_ANGLE></Mean_Sun_Angle></Tile_Angles></n1:Geometric_Info></n1:Level-2A_Tile_ID>`)
	return dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func writeJP2(t *testing.T, path string, g raster.Grid, v []uint16, class bool) {
	t.Helper()
	typ, opts := godal.UInt16, []string{"-of", "JP2OpenJPEG", "-co", "QUALITY=100", "-co", "REVERSIBLE=YES", "-co", "NBITS=15"}
	var buf any = v
	if class {
		b := make([]byte, len(v))
		for i := range v {
			b[i] = byte(v[i])
		}
		typ, buf, opts = godal.Byte, b, opts[:6]
	}
	writeRaster(t, path, g, typ, opts, layer{values: buf})
}

// layer is a band of a test file.
type layer struct {
	values        any
	about         string
	meta          string // metadata item DESCRIPTION
	noData        *float64
	scale, offset float64
}

// writeRaster writes any file GDAL can make.
func writeRaster(t *testing.T, path string, g raster.Grid, typ godal.DataType, opts []string, layers ...layer) {
	t.Helper()
	register()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	mem, err := godal.Create(godal.Memory, "", len(layers), typ, g.Width, g.Height)
	if err != nil {
		t.Fatal(err)
	}
	defer mem.Close()
	sr, err := godal.NewSpatialRefFromEPSG(g.EPSG)
	if err != nil {
		t.Fatal(err)
	}
	defer sr.Close()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(mem.SetSpatialRef(sr))
	check(mem.SetGeoTransform([6]float64{g.X0, g.Res, 0, g.Y0, 0, -g.Res}))
	for i, l := range layers {
		b := mem.Bands()[i]
		check(b.Write(0, 0, l.values, g.Width, g.Height))
		if l.about != "" {
			check(b.SetDescription(l.about))
		}
		if l.meta != "" {
			check(b.SetMetadata("DESCRIPTION", l.meta))
		}
		if l.noData != nil {
			check(b.SetNoData(*l.noData))
		}
		if l.scale != 0 {
			check(b.SetScaleOffset(l.scale, l.offset))
		}
	}
	out, err := mem.Translate(path, opts, godal.ErrLogger(onlyErrors))
	check(err)
	check(out.Close())
}
