package raster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"
)

// SAFECollection is the collection of scenes read from SAFE folders.
const SAFECollection = "sentinel-2-l2a"

// dnPerReflectance is the DN of reflectance 1 in every product so far.
const dnPerReflectance = 10000

// bandFile is an image of a granule: T50SKA_20240610T030541_B04_10m.jp2.
var bandFile = regexp.MustCompile(`_(B02|B03|B04|B05|B06|B07|B08|B8A|B11|B12|SCL)_(10|20|60)m\.jp2$`)

var mgrsTile = regexp.MustCompile(`_T(\d{2}[A-Z]{3})_`)

// IsSAFE tells by its name whether a folder is a Sentinel-2 SAFE product.
func IsSAFE(dir string) bool {
	n := strings.ToUpper(filepath.Base(dir))
	return strings.HasSuffix(n, ".SAFE") && strings.HasPrefix(n, "S2")
}

// ReadSAFE reads the metadata of a Sentinel-2 Level-2A SAFE folder as it is
// downloaded: MTD_MSIL2A.xml and GRANULE/*/MTD_TL.xml. It gives a scene per
// granule (one, in products since 2016) whose assets are the JPEG 2000 files, of
// each band the finest. Each is where it lies, of the right grid, but slow to
// read: package raster/gdal turns them into COGs.
//
// A band that is not there, and a tile's metadata that cannot be read (its grid
// and angles are then unknown), are warnings. It is an error when the product
// has no metadata (a download broken off) or is not Level-2A.
func ReadSAFE(dir string) ([]Scene, []Warning, error) {
	name := strings.TrimSuffix(filepath.Base(dir), filepath.Ext(dir))
	b, err := os.ReadFile(filepath.Join(dir, "MTD_MSIL2A.xml"))
	if errors.Is(err, os.ErrNotExist) {
		if _, e := os.Stat(filepath.Join(dir, "MTD_MSIL1C.xml")); e == nil {
			return nil, nil, fmt.Errorf("read SAFE %s: it is a Level-1C product (top of the atmosphere); get the Level-2A product, or make it with Sen2Cor", dir)
		}
		return nil, nil, fmt.Errorf("read SAFE %s: it has no MTD_MSIL2A.xml: the download or copy is not whole; get it again", dir)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read SAFE %s: %w", dir, err)
	}
	p, err := parseProductXML(b)
	if err != nil {
		return nil, nil, fmt.Errorf("read SAFE %s: MTD_MSIL2A.xml: %w", dir, err)
	}
	if p.quantification != dnPerReflectance || p.noData != 0 {
		return nil, nil, fmt.Errorf("read SAFE %s: MTD_MSIL2A.xml: its quantification value is %g and its no-data value %g; Parus knows %d and 0 only", dir, p.quantification, p.noData, dnPerReflectance)
	}
	granules, err := filepath.Glob(filepath.Join(globEscape(dir), "GRANULE", "*"))
	if err != nil {
		return nil, nil, fmt.Errorf("read SAFE %s: %w", dir, err)
	}
	sort.Strings(granules)
	var scenes []Scene
	var warns []Warning
	for _, g := range granules {
		if st, err := os.Stat(g); err != nil || !st.IsDir() {
			continue
		}
		s, w := granuleScene(g, name, p)
		if len(granules) > 1 {
			s.ID += "_" + strings.TrimPrefix(filepath.Base(g), "L2A_")
		}
		warns = append(warns, w...)
		if len(s.Assets) > 0 {
			scenes = append(scenes, s)
		}
	}
	if len(scenes) == 0 {
		return nil, warns, fmt.Errorf("read SAFE %s: no image in GRANULE/*/IMG_DATA/R10m and R20m: the download or copy is not whole; get it again", dir)
	}
	return scenes, warns, nil
}

// granuleScene is the scene of one granule.
func granuleScene(dir, name string, p safeProduct) (Scene, []Warning) {
	s := Scene{ID: name, Collection: SAFECollection, Time: p.start.UTC(), Platform: p.platform, Baseline: p.baseline,
		CloudCover: p.cloud, Footprint: p.footprint, Assets: map[Band]Asset{}}
	var warns []Warning
	for _, id := range []string{filepath.Base(dir) + "_", name + "_"} {
		if m := mgrsTile.FindStringSubmatch(id); m != nil && s.Tile == "" {
			s.Tile = m[1]
		}
	}
	if len(p.offsets) == 0 && p.baseline >= "04.00" {
		applied := true // no offset is listed: there is none to add
		s.OffsetApplied = &applied
	}
	var tile safeTile
	b, err := os.ReadFile(filepath.Join(dir, "MTD_TL.xml"))
	if err == nil {
		tile, err = parseTileXML(b)
	}
	if err != nil {
		warns = append(warns, Warning{"safe_metadata", s.ID, fmt.Sprintf("MTD_TL.xml of %s: %v; the pixel grid is taken from the images, the sun from time and place", filepath.Base(dir), err)})
	} else {
		s.SunZenith, s.SunAzimuth = tile.zenith, tile.azimuth
		s.ViewZenith, s.ViewAzimuth = tile.view.mean()
		if tile.cloud != nil {
			s.CloudCover = tile.cloud
		}
		if m := mgrsTile.FindStringSubmatch(tile.id + "_"); m != nil {
			s.Tile = m[1]
		}
	}
	for _, res := range []int{20, 10} { // the finest last: it replaces the coarser
		files, _ := filepath.Glob(filepath.Join(globEscape(dir), "IMG_DATA", fmt.Sprintf("R%dm", res), "*.jp2"))
		for _, f := range files {
			m := bandFile.FindStringSubmatch(filepath.Base(f))
			if m == nil {
				continue
			}
			band := Band(m[1])
			st, err := os.Stat(f)
			if err != nil || st.Size() == 0 {
				warns = append(warns, Warning{"missing_band", s.ID + " " + string(band), f + " is empty or cannot be read: copy it again"})
				continue
			}
			a := Asset{Href: f, Grid: tile.grids[res], Scale: 1.0 / dnPerReflectance, Size: st.Size(), ModTime: st.ModTime().UTC().Format(time.RFC3339Nano)}
			if band == SCL {
				a.Scale = 1
			} else {
				a.Offset = p.offsets[bandIDs[band]] / dnPerReflectance
			}
			s.Assets[band] = a
			s.EPSG = max(s.EPSG, a.Grid.EPSG)
		}
	}
	var missing []string
	for _, b := range append(append([]Band{}, OpticalBands...), SCL) {
		if _, ok := s.Assets[b]; !ok {
			missing = append(missing, string(b))
		}
	}
	if len(missing) > 0 {
		warns = append(warns, Warning{"missing_band", s.ID, fmt.Sprintf("the product has no image of %s; the scene is used without: %s", strings.Join(missing, ", "), dir)})
	}
	return s, warns
}

// globEscape makes a path that filepath.Glob takes as it is.
func globEscape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
