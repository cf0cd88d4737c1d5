package feeds

import (
	"maps"
	"slices"
	"strings"
)

// words maps what files write to what Parus calls it.
type words map[string]string

func (w words) find(v string) (string, bool) {
	out, ok := w[strings.ToLower(strings.TrimSuffix(v, ".0"))]
	return out, ok
}

// wordsOf makes a table of Parus's own words and what else is written for each.
func wordsOf(names map[string]string) words {
	out := words{}
	for word, list := range names {
		out[word] = word
		for _, a := range strings.Split(list, ",") {
			out[strings.TrimSpace(a)] = word
		}
	}
	return out
}

// all are the words of Parus itself, sorted.
func (w words) all() string {
	set := map[string]bool{}
	for _, v := range w {
		set[v] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(set)), ", ")
}

// choice reads one of a table's words; empty stays empty.
func (r *row) choice(name string, w words) string {
	v, _ := r.raw(name)
	if v == "" {
		return ""
	}
	out, ok := w.find(v)
	if !ok {
		r.reject(name, "the word is not known", "write one of "+w.all())
	}
	r.set(name, out)
	return out
}

// Crop is Parus's name of a crop that a file names in English or Chinese, with
// a code list's or a registry's wording ("Maize", "Permanent grass crops",
// 冬小麦). Plain wheat (小麦) is taken for winter wheat.
func Crop(name string) (string, bool) {
	if c, ok := crops[name]; ok { // as Parus writes it, or a plain Chinese name
		return c, ok
	}
	c, ok := crops[plain(name)]
	return c, ok
}

func (r *row) crop() string {
	v, _ := r.raw("crop")
	if v == "" {
		return ""
	}
	c, ok := Crop(v)
	if !ok {
		r.reject("crop", "the crop is not known", "write one of "+words(crops).all())
	}
	r.set("crop", c)
	return c
}

// crops by name without case, blanks and underscores.
var crops = cropTable(map[string]string{
	"winter_wheat":  "wheat, common wheat, winter common wheat, soft wheat, winter wheat and spelt, wheat winter, 冬小麦, 小麦",
	"spring_wheat":  "spring common wheat, wheat spring, durum wheat, 春小麦",
	"barley":        "winter barley, spring barley, 大麦, 青稞",
	"maize":         "corn, grain maize, silage maize, green maize, maize silage, 玉米, 春玉米, 夏玉米, 青贮玉米, 籽粒玉米",
	"rice":          "paddy, paddy rice, 水稻, 稻谷, 早稻, 中稻, 晚稻, 一季稻, 再生稻, 早籼稻, 粳稻, 籼稻",
	"soybean":       "soy, soya, soybeans, soya beans, 大豆, 黄豆",
	"cotton":        "棉花",
	"rapeseed":      "rape, canola, oilseed rape, winter rapeseed, rape and turnip rape, 油菜, 油菜籽, 冬油菜",
	"potato":        "potatoes, 马铃薯, 土豆",
	"sunflower":     "sunflowers, 向日葵, 葵花",
	"alfalfa":       "lucerne, alfalfa lucerne, 苜蓿, 紫花苜蓿",
	"grass":         "grassland, permanent grassland, permanent grass crops, temporary grass crops, grass crops, pasture, meadow, 牧草, 草地",
	"grapes":        "grape, vineyard, vineyards, 葡萄",
	"peanut":        "peanuts, groundnut, groundnuts, 花生",
	"apple":         "apples, apple orchard, 苹果",
	"kiwi":          "kiwifruit, 猕猴桃",
	"greenhouse":    "greenhouses, greenhouse vegetables, 大棚, 设施农业, 设施蔬菜, 温室",
	"sorghum":       "高粱",
	"millet":        "谷子, 小米",
	"oats":          "oat, 燕麦, 莜麦",
	"rye":           "winter rye, 黑麦",
	"triticale":     "winter triticale",
	"winter_cereal": "winter cereals, other winter cereals",
	"sugar_beet":    "sugar beets, sugarbeet, 甜菜",
	"sugarcane":     "sugar cane, 甘蔗",
	"tobacco":       "烟草, 烤烟",
	"sesame":        "芝麻",
	"sweet_potato":  "sweet potatoes, 甘薯, 红薯, 地瓜",
	"buckwheat":     "荞麦",
	"vegetables":    "vegetable, cabages, cabbages, leafy vegetables, 蔬菜, 露地蔬菜, 白菜, 大白菜, 辣椒, 番茄",
	"legumes":       "pulses, leguminous crops, other leguminous crops, peas, field peas, broad beans, 豆类, 蚕豆, 豌豆, 绿豆",
	"tea":           "茶, 茶叶, 茶园",
	"citrus":        "orange, oranges, 柑橘, 柑桔, 橙",
	"pear":          "pears, 梨",
	"peach":         "peaches, 桃",
	"orchard":       "fruit trees, 果园, 水果",
	"flowers":       "flower, 花卉",
	"mushroom":      "mushrooms, edible fungi, 食用菌, 香菇, 平菇, 木耳, 黑木耳, 羊肚菌, 菌菇",
	"medicinal":     "medicinal herbs, 中药材, 药材",
	"melon":         "watermelon, melons, 西瓜, 甜瓜",
	"other":         "other crops, 其他, 其它, 其他作物",
})

func cropTable(names map[string]string) map[string]string {
	out := map[string]string{}
	for crop, list := range names {
		out[plain(crop)], out[crop] = crop, crop
		for _, a := range strings.Split(list, ",") {
			if a = plain(a); a != "" {
				out[a] = crop
			}
		}
	}
	return out
}
