package raster

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The two metadata files of a product as the Products Specification Document
// (Level-2A, PSD 15) lays them out, shortened.
const productXML = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<n1:Level-2A_User_Product xmlns:n1="https://psd-15.sentinel2.eo.esa.int/PSD/User_Product_Level-2A.xsd">
 <n1:General_Info>
  <Product_Info>
   <PRODUCT_START_TIME>2024-06-10T03:05:41.024Z</PRODUCT_START_TIME>
   <PRODUCT_STOP_TIME>2024-06-10T03:05:41.024Z</PRODUCT_STOP_TIME>
   <PRODUCT_URI>S2B_MSIL2A_20240610T030541_N0510_R075_T50SKA_20240610T062000.SAFE</PRODUCT_URI>
   <PROCESSING_LEVEL>Level-2A</PROCESSING_LEVEL>
   <PROCESSING_BASELINE>05.10</PROCESSING_BASELINE>
   <Datatake datatakeIdentifier="GS2B_20240610T030541_037918_N05.10"><SPACECRAFT_NAME>Sentinel-2B</SPACECRAFT_NAME></Datatake>
  </Product_Info>
  <Product_Image_Characteristics>
   <Special_Values><SPECIAL_VALUE_TEXT>NODATA</SPECIAL_VALUE_TEXT><SPECIAL_VALUE_INDEX>0</SPECIAL_VALUE_INDEX></Special_Values>
   <Special_Values><SPECIAL_VALUE_TEXT>SATURATED</SPECIAL_VALUE_TEXT><SPECIAL_VALUE_INDEX>65535</SPECIAL_VALUE_INDEX></Special_Values>
   <QUANTIFICATION_VALUES_LIST><BOA_QUANTIFICATION_VALUE unit="none">10000</BOA_QUANTIFICATION_VALUE><AOT_QUANTIFICATION_VALUE unit="none">1000.0</AOT_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST>
   <BOA_ADD_OFFSET_VALUES_LIST><BOA_ADD_OFFSET band_id="1">-1000</BOA_ADD_OFFSET><BOA_ADD_OFFSET band_id="3">-1000</BOA_ADD_OFFSET><BOA_ADD_OFFSET band_id="8">-900</BOA_ADD_OFFSET><BOA_ADD_OFFSET band_id="12">-1000</BOA_ADD_OFFSET></BOA_ADD_OFFSET_VALUES_LIST>
  </Product_Image_Characteristics>
 </n1:General_Info>
 <n1:Geometric_Info><Product_Footprint><Product_Footprint><Global_Footprint>
  <EXT_POS_LIST>32.5 114.9 32.5 116.0 31.5 116.0 31.5 114.9 32.5 114.9 </EXT_POS_LIST>
 </Global_Footprint></Product_Footprint></Product_Footprint></n1:Geometric_Info>
 <n1:Quality_Indicators_Info><Cloud_Coverage_Assessment>33.25</Cloud_Coverage_Assessment></n1:Quality_Indicators_Info>
</n1:Level-2A_User_Product>`

const tileXML = `<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<n1:Level-2A_Tile_ID xmlns:n1="https://psd-15.sentinel2.eo.esa.int/PSD/S2_PDI_Level-2A_Tile_Metadata.xsd">
 <n1:General_Info>
  <TILE_ID metadataLevel="Brief">S2B_OPER_MSI_L2A_TL_2BPS_20240610T062000_A037918_T50SKA_N05.10</TILE_ID>
  <SENSING_TIME metadataLevel="Standard">2024-06-10T03:11:20.500Z</SENSING_TIME>
 </n1:General_Info>
 <n1:Geometric_Info>
  <Tile_Geocoding metadataLevel="Brief">
   <HORIZONTAL_CS_NAME>WGS84 / UTM zone 50N</HORIZONTAL_CS_NAME>
   <HORIZONTAL_CS_CODE>EPSG:32650</HORIZONTAL_CS_CODE>
   <Size resolution="10"><NROWS>10980</NROWS><NCOLS>10970</NCOLS></Size>
   <Size resolution="20"><NROWS>5490</NROWS><NCOLS>5485</NCOLS></Size>
   <Geoposition resolution="10"><ULX>199980</ULX><ULY>3600000</ULY><XDIM>10</XDIM><YDIM>-10</YDIM></Geoposition>
   <Geoposition resolution="20"><ULX>199980</ULX><ULY>3600000</ULY><XDIM>20</XDIM><YDIM>-20</YDIM></Geoposition>
  </Tile_Geocoding>
  <Tile_Angles metadataLevel="Standard">
   <Sun_Angles_Grid><Zenith><COL_STEP unit="m">5000</COL_STEP><Values_List><VALUES>1 NaN</VALUES></Values_List></Zenith></Sun_Angles_Grid>
   <Mean_Sun_Angle><ZENITH_ANGLE unit="deg">18.125</ZENITH_ANGLE><AZIMUTH_ANGLE unit="deg">110.5</AZIMUTH_ANGLE></Mean_Sun_Angle>
   <Mean_Viewing_Incidence_Angle_List><Mean_Viewing_Incidence_Angle bandId="0"><ZENITH_ANGLE unit="deg">8</ZENITH_ANGLE><AZIMUTH_ANGLE unit="deg">200</AZIMUTH_ANGLE></Mean_Viewing_Incidence_Angle>
    <Mean_Viewing_Incidence_Angle bandId="2"><ZENITH_ANGLE unit="deg">5.5</ZENITH_ANGLE><AZIMUTH_ANGLE unit="deg">350</AZIMUTH_ANGLE></Mean_Viewing_Incidence_Angle>
    <Mean_Viewing_Incidence_Angle bandId="3"><ZENITH_ANGLE unit="deg">NaN</ZENITH_ANGLE><AZIMUTH_ANGLE unit="deg">90</AZIMUTH_ANGLE></Mean_Viewing_Incidence_Angle>
    <Mean_Viewing_Incidence_Angle bandId="8"><ZENITH_ANGLE unit="deg">6.5</ZENITH_ANGLE><AZIMUTH_ANGLE unit="deg">14</AZIMUTH_ANGLE></Mean_Viewing_Incidence_Angle></Mean_Viewing_Incidence_Angle_List>
  </Tile_Angles>
 </n1:Geometric_Info>
 <n1:Quality_Indicators_Info><Image_Content_QI><CLOUDY_PIXEL_PERCENTAGE>12.5</CLOUDY_PIXEL_PERCENTAGE></Image_Content_QI></n1:Quality_Indicators_Info>
</n1:Level-2A_Tile_ID>`

const productName = "S2B_MSIL2A_20240610T030541_N0510_R075_T50SKA_20240610T062000"

// safeFolder makes a product with the given images (B02_10m …); their bytes
// mean nothing here.
func safeFolder(t *testing.T, product, tile string, images ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), productName+".SAFE")
	g := filepath.Join(dir, "GRANULE", "L2A_T50SKA_A037918_20240610T031120")
	if product != "" {
		write(t, filepath.Join(dir, "MTD_MSIL2A.xml"), product)
	}
	if tile != "" {
		write(t, filepath.Join(g, "MTD_TL.xml"), tile)
	}
	for _, im := range images {
		_, res, _ := strings.Cut(im, "_")
		write(t, filepath.Join(g, "IMG_DATA", "R"+res, "T50SKA_20240610T030541_"+im+".jp2"), "jp2")
	}
	return dir
}

var allImages = []string{"B02_10m", "B03_10m", "B04_10m", "B08_10m", "TCI_10m", "AOT_10m", "B02_20m", "B04_20m", "B05_20m", "B06_20m", "B07_20m", "B8A_20m", "B11_20m", "B12_20m", "SCL_20m"}

func TestReadSAFE(t *testing.T) {
	dir := safeFolder(t, productXML, tileXML, allImages...)
	scenes, warns, err := ReadSAFE(dir)
	if err != nil || len(warns) != 0 || len(scenes) != 1 {
		t.Fatalf("%d scenes, %v, %v", len(scenes), warns, err)
	}
	s := scenes[0]
	if s.ID != productName || s.Tile != "50SKA" || s.EPSG != 32650 || s.Platform != "sentinel-2b" || s.Baseline != "05.10" || s.Collection != "sentinel-2-l2a" ||
		*s.CloudCover != 12.5 || *s.SunZenith != 18.125 || *s.SunAzimuth != 110.5 || s.OffsetApplied != nil {
		t.Errorf("scene %+v", s)
	}
	if !s.Time.Equal(time.Date(2024, 6, 10, 3, 5, 41, 24e6, time.UTC)) {
		t.Errorf("time %v", s.Time)
	}
	// Bands 2 and 8 count: (5.5 + 6.5)/2, and 350° with 14° is 2°. Band 0 (B01) is not used, band 3 has no number.
	if s.ViewZenith == nil || math.Abs(*s.ViewZenith-6) > 1e-12 || math.Abs(*s.ViewAzimuth-2) > 1e-9 {
		t.Errorf("view angles %v %v", s.ViewZenith, s.ViewAzimuth)
	}
	if len(s.Footprint) != 1 || len(s.Footprint[0]) != 5 || s.Footprint[0][0] != [2]float64{114.9, 32.5} {
		t.Errorf("footprint %v", s.Footprint)
	}
	if len(s.Assets) != 11 {
		t.Fatalf("%d assets", len(s.Assets))
	}
	b2, b5, b8a := s.Assets[B02], s.Assets[B05], s.Assets[B8A]
	if !strings.HasSuffix(b2.Href, "R10m/T50SKA_20240610T030541_B02_10m.jp2") || b2.Grid != (Grid{32650, 199980, 3600000, 10, 10970, 10980}) || b2.Offset != -0.1 || b2.Scale != 1e-4 {
		t.Errorf("B02 %+v", b2)
	}
	// B05 is band 4, which this list leaves out; B8A is band 8, not 7.
	if b5.Grid != (Grid{32650, 199980, 3600000, 20, 5485, 5490}) || b5.Offset != 0 || b8a.Offset != -0.09 || s.Assets[SCL].Offset != 0 || s.Assets[SCL].Scale != 1 {
		t.Errorf("B05 %+v, B8A %+v, SCL %+v", b5, b8a, s.Assets[SCL])
	}
	if o := s.ClaimedOffset(); o.DN0 != -1000 {
		t.Errorf("claims %+v", o)
	}
}

// Before baseline 04.00 there is no offset; a product of 04.00 or later that
// lists none (Sen2Cor at home) has none either.
func TestSAFEOffsets(t *testing.T) {
	noList := productXML[:strings.Index(productXML, "   <BOA_ADD_OFFSET_VALUES_LIST>")] + productXML[strings.Index(productXML, "  </Product_Image_Characteristics>"):]
	for baseline, want := range map[string]float64{"02.14": 0, "99.99": 0, "05.10": 0} {
		scenes, _, err := ReadSAFE(safeFolder(t, strings.Replace(noList, "05.10<", baseline+"<", 1), tileXML, allImages...))
		if err != nil || scenes[0].Baseline != baseline || scenes[0].ClaimedOffset().DN0 != want || scenes[0].Assets[B04].Offset != 0 {
			t.Errorf("baseline %s: %+v, %v", baseline, scenes, err)
		}
	}
}

// What is broken is named; what is whole is kept.
func TestBrokenSAFE(t *testing.T) {
	some := []string{"B02_10m", "B03_10m", "B04_10m", "B08_10m", "SCL_20m"}
	fails := func(name, says, product, tile string, images ...string) {
		t.Helper()
		scenes, _, err := ReadSAFE(safeFolder(t, product, tile, images...))
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), productName) || len(scenes) > 0 {
			t.Errorf("%s: %d scenes, error %v; want one that says %q", name, len(scenes), err, says)
		}
	}
	fails("half written", "not whole", "", tileXML, some...)
	fails("no image", "not whole", productXML, tileXML)
	fails("cut XML", "MTD_MSIL2A.xml", productXML[:900], tileXML, some...)
	fails("no XML", "MTD_MSIL2A.xml", "hello", tileXML, some...)
	fails("bad number", "line 16: BOA_ADD_OFFSET", strings.Replace(productXML, `"3">-1000`, `"3">minus`, 1), tileXML, some...)
	fails("other scale", "quantification value is 1000", strings.Replace(productXML, `"none">10000`, `"none">1000`, 1), tileXML, some...)
	l1c := safeFolder(t, "", "", some...)
	write(t, filepath.Join(l1c, "MTD_MSIL1C.xml"), "<x/>")
	if _, _, err := ReadSAFE(l1c); err == nil || !strings.Contains(err.Error(), "Level-1C") {
		t.Errorf("L1C: %v", err)
	}

	for name, tile := range map[string]string{"none": "", "cut": tileXML[:700], "no code": strings.Replace(tileXML, "EPSG:32650", "UTM 50", 1), "size": strings.Replace(tileXML, "<NROWS>5490", "<NROWS>-5490", 1)} {
		scenes, warns, err := ReadSAFE(safeFolder(t, productXML, tile, some...))
		count := map[string]int{}
		for _, w := range warns {
			count[w.Code]++
		}
		if err != nil || len(scenes) != 1 || count["safe_metadata"] != 1 || count["missing_band"] != 1 || scenes[0].Tile != "50SKA" || *scenes[0].CloudCover != 33.25 || scenes[0].Assets[B02].Grid.Width != 0 {
			t.Errorf("tile metadata %s: %+v, %v, %v", name, scenes, warns, err)
		}
	}
	dir := safeFolder(t, productXML, tileXML, allImages...)
	empty, err := filepath.Glob(filepath.Join(dir, "GRANULE", "*", "IMG_DATA", "R20m", "*B11*"))
	if err != nil || len(empty) != 1 || os.Truncate(empty[0], 0) != nil {
		t.Fatal(empty, err)
	}
	scenes, warns, err := ReadSAFE(dir)
	if _, ok := scenes[0].Assets[B11]; err != nil || ok || len(warns) != 2 || warns[0].Subject != productName+" B11" || !strings.Contains(warns[1].Detail, "no image of B11;") {
		t.Errorf("an empty image: %v, %v", warns, err)
	}
}

// What WriteCatalog writes, ReadCatalog reads back to the same scenes.
func TestWriteCatalogReadsBack(t *testing.T) {
	scenes, _, err := ReadSAFE(safeFolder(t, productXML, tileXML, allImages...))
	if err != nil {
		t.Fatal(err)
	}
	applied := false
	bare := Scene{ID: "a b/c", Collection: "local", Time: time.Date(2024, 5, 1, 0, 0, 0, 0, time.UTC), EPSG: 32650, OffsetApplied: &applied, Assets: map[Band]Asset{}}
	for k, b := range []Band{B02, B03, SCL} {
		bare.Assets[b] = Asset{Href: scenes[0].Assets[B02].Href, Grid: scenes[0].Assets[B02].Grid, Scale: 1e-4, Layer: k + 1}
	}
	bare.Orbit = "ascending 88"
	want := append([]Scene{bare}, scenes...)
	dir := t.TempDir()
	if err := WriteCatalog(dir, "x", "made in a test", want); err != nil {
		t.Fatal(err)
	}
	got, warns, err := ReadCatalog(context.Background(), dir, CatalogOptions{})
	if err != nil || len(got) != 2 || len(warns) != 1 || warns[0].Code != "no_place" {
		t.Fatalf("%d scenes, %v, %v", len(got), warns, err)
	}
	for i := range got {
		for b, a := range want[i].Assets { // reading fills what the file system tells
			st, err := os.Stat(a.Href)
			if err != nil {
				t.Fatal(err)
			}
			a.Size, a.ModTime = st.Size(), st.ModTime().UTC().Format(time.RFC3339Nano)
			want[i].Assets[b] = a
		}
		if g, w := describeScene(got[i]), describeScene(want[i]); g != w {
			t.Errorf("read back\n%s\nwant\n%s", g, w)
		}
	}
}

func describeScene(s Scene) string {
	num := func(p *float64) float64 {
		if p == nil {
			return math.NaN()
		}
		return math.Round(*p*1e9) / 1e9
	}
	flag := "none"
	if s.OffsetApplied != nil {
		flag = fmt.Sprint(*s.OffsetApplied)
	}
	numbers := []float64{num(s.CloudCover), num(s.SunZenith), num(s.SunAzimuth), num(s.ViewZenith), num(s.ViewAzimuth)}
	s.CloudCover, s.SunZenith, s.SunAzimuth, s.ViewZenith, s.ViewAzimuth, s.OffsetApplied = nil, nil, nil, nil, nil, nil
	return fmt.Sprintf("%+v %g %s", s, numbers, flag)
}

func FuzzSAFE(f *testing.F) {
	f.Add([]byte(productXML))
	f.Add([]byte(tileXML))
	f.Add([]byte(`<a><Size resolution="10"><NROWS>1</NROWS></Size></a>`))
	f.Add([]byte(`<a b="&#x0;"/>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := parseProductXML(b); err == nil && (p.start.IsZero() || p.quantification == 0) {
			t.Errorf("a product without time or scale: %+v", p)
		}
		tile, err := parseTileXML(b)
		if err != nil {
			return
		}
		if z, a := tile.view.mean(); (z == nil) != (a == nil) || z != nil && !(*z >= 0 && *z < 90 && *a >= 0 && *a <= 360) {
			t.Errorf("view angles %v %v", z, a)
		}
		for res, g := range tile.grids {
			if g.EPSG <= 0 || g.Width <= 0 || g.Height <= 0 || g.Res != float64(res) || math.IsNaN(g.X0+g.Y0) {
				t.Errorf("grid of %d m: %+v", res, g)
			}
		}
	})
}
