package api

import (
	"strconv"

	"github.com/parus-lending/parus/api/contract"
	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/scoring"
	"github.com/parus-lending/parus/season"
)

// claimNote is something that was assumed of a claim, or mended.
type claimNote struct {
	Code string `json:"code"`
	EN   string `json:"en"`
	ZH   string `json:"zh"`
}

// noteZH says in Chinese what the codes of feeds.ReadDrawn mean.
var noteZH = map[string]string{
	"track_closed": "绕行轨迹首尾未合，已自动闭合。", "datum_equal": "CGCS2000坐标按与WGS 84一致处理。", "axes_swapped": "坐标为纬度在前，已交换。",
	"gcj02_undone": "已按公开算法由GCJ-02换算为WGS 84。", "outline_mended": "图形有自相交或重复点，已修复。", "zone_found": "坐标带由坐标值判定。", "crs_assumed": "未说明坐标系，按WGS 84处理。",
}

// lowAccuracyM is how far off a walked point may be before the claim says so: a
// pixel of the imagery.
const lowAccuracyM = 10

// claimSays is the part of a claim's answer that is kept as it was said.
type claimSays struct {
	OwnM2     float64          `json:"own_m2"`
	OthersM2  float64          `json:"others_m2"`
	OutsideM2 float64          `json:"outside_m2"`
	Land      []claimedParcel  `json:"land"`
	Findings  []claimedFinding `json:"findings"`
	Standing  []claimedFinding `json:"standing"`
	Notes     []claimNote      `json:"notes"`
	Applied   bool             `json:"applied"`
}

type claimedParcel struct {
	ParcelID    string   `json:"parcel_id"`
	AreaM2      float64  `json:"area_m2"`
	OfClaim     float64  `json:"of_claim"`
	OfParcel    float64  `json:"of_parcel"`
	FarmedBy    string   `json:"farmed_by"`
	Farmer      string   `json:"farmer,omitempty"`
	Owner       string   `json:"owner,omitempty"`
	Leased      bool     `json:"leased"`
	Until       string   `json:"until,omitempty"`
	Use         string   `json:"use,omitempty"`
	Basic       bool     `json:"basic_farmland"`
	Declared    []string `json:"declared"`
	PlotID      string   `json:"plot_id,omitempty"`
	Assessable  bool     `json:"assessable"`
	Reason      string   `json:"reason,omitempty"`
	Seen        string   `json:"seen,omitempty"`
	Probability float64  `json:"probability,omitempty"`
	Grade       int      `json:"growth_grade,omitempty"`
	Bright      bool     `json:"bright_cover"`
}

// claimedFinding is a finding as lists of findings show it.
type claimedFinding struct {
	GrowerID  string `json:"grower_id,omitempty"`
	ParcelID  string `json:"parcel_id,omitempty"`
	Code      string `json:"code"`
	Severity  string `json:"severity"`
	Detail    string `json:"detail"`
	DetailZH  string `json:"detail_zh"`
	Numbers   string `json:"numbers"`
	Witnesses string `json:"witnesses"`
}

func saysOf(found scoring.Claimed, drawn feeds.Drawn, b contract.ClaimDrawn) claimSays {
	m2 := func(a scoring.Area) float64 { return float64(a) / 100 }
	lie := found.Lie
	out := claimSays{OwnM2: m2(lie.Own), OthersM2: m2(lie.Others), OutsideM2: m2(max(lie.Area-lie.Own-lie.Others, 0)), Land: []claimedParcel{}, Applied: found.Decision != nil,
		Findings: findingsOf(found.New), Standing: findingsOf(found.Standing), Notes: []claimNote{}}
	for _, l := range found.Land {
		out.Land = append(out.Land, parcelSays(l, lie.GrowerID))
	}
	for _, n := range drawn.Assumed {
		out.Notes = append(out.Notes, claimNote{n.Code, n.Detail, noteZH[n.Code]})
	}
	if a := deref(b.AccuracyM); a > lowAccuracyM {
		out.Notes = append(out.Notes, claimNote{"accuracy_low", "the phone's positions were off by up to " + metres(a) + " m, more than a pixel of the imagery", "手机定位误差达" + metres(a) + "米，超过影像一个像元。"})
	}
	return out
}

func metres(a float32) string { return strconv.FormatFloat(float64(a), 'f', 0, 32) }

func parcelSays(l scoring.LandClaimed, claimant string) claimedParcel {
	out := claimedParcel{ParcelID: l.Parcel.ID, AreaM2: float64(l.Area) / 100, OfClaim: float64(l.OfClaim) / 1e4, OfParcel: float64(l.OfParcel) / 1e4, FarmedBy: "nobody_known", Farmer: l.Farmer.GrowerID,
		Leased: l.Farmer.Leased, Until: l.Farmer.Until.String(), Use: l.Parcel.Use, Basic: l.Parcel.Basic, Declared: append([]string{}, l.Declared...)}
	if l.Farmer.OwnerID != l.Farmer.GrowerID {
		out.Owner = l.Farmer.OwnerID
	}
	switch l.Farmer.GrowerID {
	case "":
	case claimant:
		out.FarmedBy = "claimant"
	default:
		out.FarmedBy = "other"
	}
	if l.Plot == nil {
		return out
	}
	out.PlotID, out.Assessable, out.Reason, out.Bright = l.Plot.PlotID, l.Plot.Assessable, l.Plot.Reason, l.Plot.BrightCover
	for _, c := range l.Plot.Cycles { // the one that as-of falls in, else the last
		if c.Assessable {
			out.Seen, out.Probability, out.Grade = c.Crop, float64(c.Probability)/1e4, c.GrowthGrade
		}
		if c.Current {
			break
		}
	}
	return out
}

func findingsOf(fs []scoring.Finding) []claimedFinding {
	out := make([]claimedFinding, len(fs))
	for i, f := range fs {
		r := season.FindingRow(f)
		out[i] = claimedFinding{r.GrowerID, r.ParcelID, r.Code, r.Severity, r.Detail, r.DetailZH, r.Numbers, r.Witnesses}
	}
	return out
}
