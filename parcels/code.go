package parcels

import (
	"fmt"
	"regexp"
	"strings"
)

// CodeKind says what a parcel code looks like.
type CodeKind int

const (
	CodeOther    CodeKind = iota // anything outside a registry
	CodeRegistry                 // DKBM of NY/T 2539: 19 digits (14 of the issuing village group, 5 of the parcel)
	CodeOld                      // the 22-digit code of older registries
)

var exponent = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?[eE]\+?[0-9]+$`)

// CheckParcelID says what kind of code a parcel's ID is. A code that a
// spreadsheet has ruined is an error: written with an exponent (3.41523E+18),
// or a registry code cut to fifteen digits and filled up with zeros. Codes of
// other countries and file numbers pass as CodeOther.
func CheckParcelID(id string) (CodeKind, error) {
	switch {
	case id == "":
		return CodeOther, fmt.Errorf("parcel code is empty")
	case id != strings.TrimSpace(id):
		return CodeOther, fmt.Errorf("parcel code %q begins or ends with a blank", id)
	case strings.ContainsFunc(id, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd }):
		return CodeOther, fmt.Errorf("parcel code %q holds characters that cannot be printed: check the file's encoding", id)
	case exponent.MatchString(id):
		return CodeOther, fmt.Errorf("parcel code %q was rounded by a spreadsheet: export the column as text", id)
	case !digits(id) || (len(id) != 19 && len(id) != 22):
		if base, found := strings.CutSuffix(id, ".0"); found && digits(base) && len(base) >= 16 {
			return CodeOther, fmt.Errorf("parcel code %q was read as a number and may be rounded: export the column as text", id)
		}
		return CodeOther, nil
	case strings.TrimRight(id[15:], "0") == "":
		return CodeOther, fmt.Errorf("parcel code %q ends in %d zeros: a spreadsheet keeps 15 digits; export the column as text", id, len(id)-15)
	case len(id) == 19:
		return CodeRegistry, nil
	default:
		return CodeOld, nil
	}
}

// CountyOf is the six-digit county (GB/T 2260) a registry code begins with,
// empty for other codes.
func CountyOf(parcelID string) string {
	if k, err := CheckParcelID(parcelID); err != nil || k == CodeOther {
		return ""
	}
	return parcelID[:6]
}

func digits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
