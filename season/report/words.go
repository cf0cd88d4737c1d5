package report

import (
	"fmt"
	"html/template"
	"image/color"
	"math"
	"strconv"
	"strings"

	"github.com/parus-lending/parus/scoring"
)

// word is one thing's code, its names and its colour on maps and charts.
type word struct {
	Code, EN, ZH string
	Colour       color.RGBA
}

// Label is the word in both languages.
func (w word) Label() template.HTML { return both(w.EN, w.ZH) }

// Hex is the colour for CSS.
func (w word) Hex() template.CSS { return template.CSS(hex(w.Colour)) }

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func rgb(v uint32) color.RGBA { return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255} }

var outcomes = []word{
	{scoring.Admit, "admit", "准入", rgb(0x3f8f6b)},
	{scoring.Refer, "refer to a person", "转人工", rgb(0xe0a33a)},
	{scoring.Decline, "decline", "拒绝", rgb(0xb8524a)},
	{scoring.NotAssessable, "not assessable", "无法评估", rgb(0x8f969e)},
}

var grades = []word{
	{"5", "5, strongest fifth", "5 级（最好）", rgb(0x1d6b52)},
	{"4", "4", "4 级", rgb(0x6db58c)},
	{"3", "3", "3 级", rgb(0xf0e2a0)},
	{"2", "2", "2 级", rgb(0xe59a55)},
	{"1", "1, weakest fifth", "1 级（最差）", rgb(0xb0472f)},
}

// leaves are classes of the highest leaf area index: leaves[i] begins at i.
var leaves = []word{
	{"0", "LAI < 1", "LAI < 1", rgb(0xf0ead0)}, {"1", "LAI 1–2", "LAI 1–2", rgb(0xd5dfa4)}, {"2", "LAI 2–3", "LAI 2–3", rgb(0xa9cb80)},
	{"3", "LAI 3–4", "LAI 3–4", rgb(0x74b066)}, {"4", "LAI 4–5", "LAI 4–5", rgb(0x418f52)}, {"5", "LAI ≥ 5", "LAI ≥ 5", rgb(0x1f6a41)},
}

// yieldRamp runs from low to high. Classes of grades, yields and outcomes stay
// apart for the colour-blind too: api/web measures them.
var yieldRamp = []color.RGBA{rgb(0xf2e6ae), rgb(0xc8d67e), rgb(0x8cbf74), rgb(0x4f9f78), rgb(0x2a7a70), rgb(0x164f5a)}

var (
	blind     = word{"", "not assessable", "无法评估", rgb(0xc9c6bd)}
	unsure    = word{"", "crop not certain", "作物不确定", rgb(0xa9a597)}
	noCrop    = word{"", "no crop seen", "未见作物", rgb(0xe2d8c3)}
	noDecided = word{"", "nobody applies", "无人申请", rgb(0xd9d5ca)}
	noGrade   = word{"", "no grade", "未分级", rgb(0xd9d9e0)}
	noLeaf    = word{"", "no leaf area", "无叶面积数据", rgb(0xd9d5ca)}
	noYield   = word{"", "no yield", "无产量", rgb(0xb9b9c4)}
)

var crops = []word{
	{"winter_wheat", "winter wheat", "", rgb(0xd9b44a)}, {"spring_wheat", "spring wheat", "", rgb(0xe6cf7a)},
	{"barley", "barley", "", rgb(0xc9a26b)}, {"maize", "maize", "", rgb(0xcf7416)}, {"rice", "rice", "", rgb(0x4f9bbf)},
	{"soybean", "soybean", "", rgb(0x6b9e4f)}, {"cotton", "cotton", "", rgb(0xd0bfee)}, {"rapeseed", "rapeseed", "", rgb(0xcfc21f)},
	{"potato", "potato", "", rgb(0xa0714f)}, {"sunflower", "sunflower", "", rgb(0xf2b632)}, {"alfalfa", "alfalfa", "", rgb(0x2f8f6b)},
	{"grass", "grass", "", rgb(0x9ccb86)}, {"grapes", "grapes", "", rgb(0x7d5ba6)}, {"peanut", "peanut", "", rgb(0xc97b6b)},
	{"apple", "apple", "", rgb(0xc8505a)}, {"kiwi", "kiwi", "", rgb(0x7f8f3a)}, {"greenhouse", "greenhouse", "", rgb(0x7fb0c4)},
	{"other", "other", "", rgb(0x8a8f98)},
}

// cropWord names a crop. Any other crop than those of the table gets the grey
// of "other".
func cropWord(code string) word {
	for _, w := range crops {
		if w.Code == code {
			w.ZH = scoring.CropZH(code)
			return w
		}
	}
	return word{code, strings.ReplaceAll(code, "_", " "), scoring.CropZH(code), rgb(0x8a8f98)}
}

// rotationWord names several crops of a year, "+" between the codes.
func rotationWord(code string) word {
	parts := strings.Split(code, "+")
	en, zh := make([]string, len(parts)), make([]string, len(parts))
	for i, p := range parts {
		w := cropWord(p)
		en[i], zh[i] = w.EN, w.ZH
	}
	return word{code, strings.Join(en, " + "), strings.Join(zh, " + "), cropWord(parts[len(parts)-1]).Colour}
}

// cropsLabel is a list of crops joined by +, or a dash.
func cropsLabel(code string) template.HTML {
	if code == "" {
		return "–"
	}
	return rotationWord(code).Label()
}

var constraintWords = map[string][2]string{
	"need": {"cash cost still to come", "剩余现金投入"}, "capacity": {"what sales can repay", "还款能力"},
	"insured": {"sum insured", "保险保障"}, "cap": {"product cap", "产品上限"}, "quota": {"quota left", "剩余配额"},
}

var severityWords = map[string][2]string{
	"decline": {"decline", "拒绝"}, "refer": {"refer", "转人工"}, "warn": {"warn", "提示"}, "info": {"info", "信息"},
}

var restsWords = map[string][2]string{
	"declaration": {"the declaration", "种植申报"}, "declaration and history": {"the declaration and earlier seasons", "种植申报与往年影像"},
	"imagery": {"imagery", "影像"},
}

// stateWords say why a plot or crop is not assessable.
var stateWords = map[string][2]string{
	"too_few_pixels": {"too small or narrow to be seen", "地块过小或过窄"}, "too_few_dates": {"too few clear images", "晴空影像不足"},
	"few_dates": {"too few clear images of the cycle", "该周期晴空影像不足"}, "low_confidence": {"the model is not sure", "模型置信度不足"},
	"other_crop": {"a crop the model has no name for", "模型未覆盖的作物"}, "no_cycle": {"no crop seen", "未见作物"},
	"no_imagery": {"no imagery covers it", "无影像覆盖"}, "model_failed": {"the crop model failed here", "作物模型在此处出错"}, "radar_only": {"too few clear images; radar names the crop, not its dates or growth", "晴空影像不足；雷达仅判断作物，不判断生育期与长势"},
	"unfamiliar": {"unlike anything the model has learnt from", "与模型的训练数据差异过大"},
}

// called looks a code up in a table of words; an unknown one stands for itself.
func called(table map[string][2]string, code string) template.HTML {
	if w, ok := table[code]; ok {
		return both(w[0], w[1])
	}
	if code == "" {
		return "–"
	}
	return both(strings.ReplaceAll(code, "_", " "), code)
}

// both shows a text in the language that the reader chose.
func both(en, zh string) template.HTML {
	if en == zh {
		return template.HTML(template.HTMLEscapeString(en))
	}
	return template.HTML(`<span class="en">` + template.HTMLEscapeString(en) + `</span><span class="zh" lang="zh">` + template.HTMLEscapeString(zh) + `</span>`)
}

// number writes thousands with commas: number(1234.5, 1) = "1,234.5".
func number(v float64, places int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', places, 64)
	whole, rest, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if places > 0 {
		whole += "." + rest
	}
	if v < 0 && strings.Trim(s, "0.") != "" {
		return "−" + whole
	}
	return whole
}

// yuan is an amount of fen; whole yuan without decimals.
func yuan(fen int64) string {
	s := strings.Replace(scoring.Yuan(scoring.Fen(fen)), "-", "−", 1)
	return strings.TrimSuffix(s, ".00")
}

func percent(share float64) string { return number(share*100, 0) + " %" }

// short cuts long codes and sums for tables.
func short(s string) string {
	if len(s) <= 12 {
		return s
	}
	return s[:12] + "…"
}

// brief cuts the fingerprint at the end of a reference.
func brief(ref string) string {
	const sum, keep = "sha256:", 12
	if i := strings.Index(ref, sum); i >= 0 && len(ref) > i+len(sum)+keep {
		return ref[:i+len(sum)+keep] + "…"
	}
	return ref
}

// value writes an optional number, or a dash.
// within is how far a day may lie off, as shown behind it; empty where not known.
func within(days *float64) string {
	if days == nil {
		return ""
	}
	return " ± " + number(*days, 0)
}

func value(v *float64, places int) string {
	if v == nil {
		return "–"
	}
	return number(*v, places)
}
