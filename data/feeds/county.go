package feeds

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/parus-lending/parus/scoring"
	"github.com/paulmach/orb"
)

// Records of the county as a whole: villages, prices, disasters.

func issuer(r *row) village {
	v := village{code: r.code("issuer_id"), name: plain(r.place("village"))}
	v.at = orb.Point{float64(r.scale("lon", 180, 1e6)) / 1e6, float64(r.scale("lat", 90, 1e6)) / 1e6}
	r.provenance()
	return v
}

// placed are the villages whose place the feed gives, by the first 12 digits of
// their codes; of several groups of a village the middle.
func (p *people) placed() map[string]orb.Point {
	out, n := map[string]orb.Point{}, map[string]float64{}
	for _, v := range p.villages {
		if v.at == (orb.Point{}) || len(v.code) < homeDigits {
			continue
		}
		code := v.code[:homeDigits]
		at, k := out[code], n[code]
		out[code], n[code] = orb.Point{(at[0]*k + v.at[0]) / (k + 1), (at[1]*k + v.at[1]) / (k + 1)}, k+1
	}
	return out
}

// place is the name of a village. A short name that ends as places do is no
// person's, unless a file has a person of that name.
func (r *row) place(name string) string {
	v, _ := r.raw(name)
	out := v
	if !r.s.stored && v != "" {
		if out = r.s.publicText(v); shortHan(v) && strings.ContainsAny(v, "村组社区镇乡街居屯") && !r.s.people.private.has(v) {
			out = v
		}
	}
	r.set(name, out)
	return out
}

var priceKinds = words{
	"farm_gate": "farm_gate", "出售价": "farm_gate", "田头价": "farm_gate", "收购价": "farm_gate", "地头价": "farm_gate",
	"wholesale": "wholesale", "批发价": "wholesale", "市场价": "wholesale",
	"minimum": "minimum", "最低收购价": "minimum", "托市价": "minimum",
}

func price(r *row) scoring.Price {
	p := scoring.Price{Provenance: r.provenance(), County: r.code("county"), Market: r.text("market"), Crop: r.crop(),
		Kind: r.choice("kind", priceKinds), Day: r.date("day"), PricePer50Kg: r.fen("price_yuan_50kg", maxPrice)}
	if p.Kind == "" {
		p.Kind = "farm_gate"
		r.set("kind", p.Kind)
	}
	if p.PricePer50Kg == 0 {
		if v, _ := r.raw("price_yuan_50kg"); v != "" && len(r.bad) == 0 {
			r.reject("price_yuan_50kg", "the price is 0", "leave the row out where there was no price")
		}
	}
	return p
}

var disasterKinds = wordsOf(map[string]string{
	"drought": "干旱, 旱灾", "flood": "洪涝, 洪水, 水灾", "waterlogging": "渍涝, 内涝, 涝灾, 渍害", "hail": "冰雹, 雹灾, 风雹", "frost": "霜冻, 低温冷冻, 冻害, 冷害, 倒春寒, 寒害",
	"heat": "高温, 热害, 干热风", "wind": "大风, 台风, 风灾", "rainstorm": "暴雨, 连阴雨", "snow": "雪灾, 暴雪", "pest": "虫害, 虫灾, 蝗灾",
	"disease": "病害", "fire": "火灾", "earthquake": "地震", "landslide": "滑坡, 泥石流", "other": "其他",
})

var disasterLevels = words{
	"1": "1", "i": "1", "ⅰ": "1", "红": "1", "红色": "1", "特别重大": "1", "特大": "1", "red": "1",
	"2": "2", "ii": "2", "ⅱ": "2", "橙": "2", "橙色": "2", "重大": "2", "orange": "2",
	"3": "3", "iii": "3", "ⅲ": "3", "黄": "3", "黄色": "3", "较大": "3", "yellow": "3",
	"4": "4", "iv": "4", "ⅳ": "4", "蓝": "4", "蓝色": "4", "一般": "4", "blue": "4",
}

func disaster(r *row) scoring.Disaster {
	d := scoring.Disaster{Provenance: r.provenance(), NoticeID: r.code("notice_id"), Kind: r.choice("kind", disasterKinds)}
	d.Level, _ = strconv.Atoi(r.choice("level", disasterLevels))
	d.Places = r.list("places")
	for _, p := range d.Places {
		if n := len(p); !isDigits(p) || n != 2 && n != 4 && n != 6 && n != 9 && n != 12 && n != 14 {
			r.reject("places", "it is not the code of a place", "give the codes of GB/T 2260 and GB/T 10114: county 6, town 9, village 12, group 14 digits")
			break
		}
	}
	var named []string
	for _, name := range r.list("crops") {
		c, ok := Crop(name)
		if !ok {
			r.reject("crops", "a crop of it is not known", "write some of "+words(crops).all()+", or leave it empty for all crops")
			break
		}
		named = append(named, c)
	}
	slices.Sort(named)
	d.Crops = slices.Compact(named)
	r.set("crops", strings.Join(d.Crops, ";"))
	if x, ok := r.amount("affected_m2", 1e10); ok {
		d.Affected = scoring.AreaOfM2(x)
		r.set("affected_m2", scaled(int64(d.Affected), 100))
	}
	if x, ok := r.amount("loss_percent", 100); ok {
		d.Loss = scoring.ProbOf(x / 100)
		r.set("loss_percent", scaled(int64(d.Loss), 100))
	}
	return d
}

// list reads several codes or words from one cell, sorted, none twice.
func (r *row) list(name string) []string {
	v, _ := r.raw(name)
	list := strings.FieldsFunc(v, func(c rune) bool { return strings.ContainsRune(listMarks, c) })
	slices.Sort(list)
	list = slices.Compact(list)
	r.set(name, strings.Join(list, ";"))
	return list
}

// scale reads an amount as a whole number of units, each 1/per of the field's.
func (r *row) scale(name string, most float64, per int64) int64 {
	x, ok := r.amount(name, most)
	if !ok {
		return 0
	}
	n := int64(math.Round(x * float64(per)))
	r.set(name, scaled(n, per))
	return n
}
