package raster

import "strconv"

// assetFingerprint prefers what the publisher vouches for (checksum, ETag) and
// falls back on size and modification time for local files.
func assetFingerprint(a Asset) string {
	s := a.Href + "|" + strconv.FormatInt(a.Size, 10)
	switch {
	case a.Checksum != "":
		return s + "|" + a.Checksum
	case a.ETag != "":
		return s + "|" + a.ETag
	}
	return s + "|" + a.ModTime
}
