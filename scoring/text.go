package scoring

import (
	"maps"
	"strings"
)

// list joins words for an English sentence, listZH for a Chinese one.
func list(s []string) string   { return strings.Join(s, ", ") }
func listZH(s []string) string { return strings.Join(zhAll(s), "、") }

func listCropsZH(s []string) string {
	out := make([]string, len(s))
	for i, c := range s {
		out[i] = CropZH(c)
	}
	return strings.Join(out, "、")
}

func zhAll(s []string) []string {
	words := map[string]string{"declared": "种植申报", "insured": "投保", "subsidy": "补贴申报"}
	out := make([]string, len(s))
	for i, w := range s {
		out[i] = w
		if zh, ok := words[w]; ok {
			out[i] = zh
		}
	}
	return out
}

var cropsZH = map[string]string{
	"winter_wheat": "冬小麦", "spring_wheat": "春小麦", "barley": "大麦", "maize": "玉米", "rice": "水稻", "soybean": "大豆",
	"peanut": "花生", "cotton": "棉花", "rapeseed": "油菜", "potato": "马铃薯", "sunflower": "向日葵", "alfalfa": "苜蓿",
	"grass": "牧草", "grapes": "葡萄", "apple": "苹果", "kiwi": "猕猴桃", "greenhouse": "设施蔬菜",
	"oats": "燕麦", "rye": "黑麦", "sorghum": "高粱", "legumes": "豆类", "sesame": "芝麻", "sugar_beet": "甜菜", "tomato": "番茄", "pepper": "辣椒",
	"garlic": "大蒜", "vegetables": "蔬菜", "almond": "扁桃", "walnut": "核桃", "pistachio": "开心果", "pear": "梨", "peach": "桃", "cherry": "樱桃",
	"plum": "李", "olive": "油橄榄", "blueberry": "蓝莓", "fallow": "休耕", "mushroom": "食用菌", "medicinal": "中药材", "other": "其他作物",
}

// CropZH is the Chinese name of a crop, or the word itself where none is known.
func CropZH(crop string) string {
	if zh, ok := cropsZH[crop]; ok {
		return zh
	}
	return crop
}

// reasonTexts are the reasons that are no findings.
var reasonTexts = map[string][2]string{
	"CREDIT_POLICY_NOT_EFFECTIVE": {"The credit policy is not in force on the day of the decision.", "信贷政策在决策日未生效。"},
	"INSURANCE_MISSING":           {"The product lends on insurance, and no policy is in force.", "该产品以保单为依据，但未见有效保单。"},
	"OUT_OF_SCOPE":                {"The credit policy is not for this county, season, industry or kind of grower.", "该信贷政策不适用于此县、季节、产业或经营主体。"},
	"OFFICER_MUST_SEE":            {"The crop cannot be judged from above: an officer has to see it.", "该产业无法由影像判断，需客户经理实地核实。"},
	"SELF_PROOF_MISSING":          {"Of a crop that cannot be judged from above the grower has shown no proof of his own: sales, meters, machines.", "该产业无法由影像判断，申请人未提供销售、用水用电、农机等自证材料。"},
	"PRODUCT_UNKNOWN":             {"The credit policy does not know the product applied for.", "信贷政策中没有所申请的产品。"},
	"FEED_MISSING":                {"County records that the credit policy requires were not given.", "缺少信贷政策要求的县域数据。"},
	"NO_LAND_KNOWN":               {"No land of the applicant is known from the records.", "登记与流转数据中未见申请人经营的土地。"},
	"NO_DECLARATION":              {"Nothing is declared on the applicant's land and imagery does not show a crop yet.", "未申报种植作物，影像尚不能识别。"},
	"LEASE_ENDS_BEFORE_HARVEST":   {"A lease ends before the harvest.", "租期早于收获期届满。"},
	"POLICY_ENDS_BEFORE_HARVEST":  {"A policy that the loan rests on ends before the harvest.", "作为授信依据的保单早于收获期届满。"},
	"TOO_FEW_PIXELS":              {"The plots are too small or too narrow to be seen from space.", "地块过小或过窄，影像无法识别。"},
	"TOO_FEW_DATES":               {"Too few clear images of the land.", "地块晴空影像不足。"},
	"CROP_NOT_CONFIRMED":          {"Imagery cannot confirm the declared crop.", "影像不能确认所申报作物。"},
	"CROP_NOT_SEEN":               {"Imagery does not show the declared crop.", "影像未见所申报作物。"},
	"YIELD_UNKNOWN":               {"No yield can be given for the crop.", "无法给出作物产量。"},
	"COST_UNKNOWN":                {"The credit policy has no cost or price for the crop.", "信贷政策缺少该作物的成本或价格。"},
	"SCORE_LOW":                   {"The points of the scorecard are below the cut-off.", "评分低于准入线。"},
	"TOO_MANY_WARNINGS":           {"Several small contradictions in the records together need a person.", "多项轻微不一致，需人工核实。"},
	"LIMIT_BELOW_MINIMUM":         {"The limit is below the least amount of the product.", "可授信额度低于产品最低额度。"},
	"SEASON_OVER":                 {"The season's costs lie behind: nothing is left to finance.", "本季投入已结束，无需融资。"},
	"BOUND_BY_need":               {"The limit follows the cash cost of the season still to come.", "额度由本季剩余现金投入决定。"},
	"BOUND_BY_capacity":           {"The limit follows what the expected sales can repay.", "额度由预期销售的还款能力决定。"},
	"BOUND_BY_insured":            {"The limit follows the sum insured.", "额度由保险保障金额决定。"},
	"BOUND_BY_cap":                {"The limit follows the product's cap.", "额度由产品上限决定。"},
	"BOUND_BY_quota":              {"The limit follows the quota that is left.", "额度由剩余配额决定。"},
}

func reason(code string) Reason {
	t, ok := reasonTexts[code]
	if !ok {
		t = [2]string{code, code}
	}
	return Reason{Code: code, EN: t[0], ZH: t[1]}
}

// boundBy is the reason that names the binding constraint.
func boundBy(constraint string) Reason {
	for _, code := range [...]string{"BOUND_BY_need", "BOUND_BY_capacity", "BOUND_BY_insured", "BOUND_BY_cap", "BOUND_BY_quota"} {
		if code[len("BOUND_BY_"):] == constraint {
			return reason(code)
		}
	}
	return reason("BOUND_BY_" + constraint)
}

// ReasonTexts are the sentences of reasons by their codes, English and Chinese:
// those that scoring knows itself, and those of a credit policy's scorecards.
func ReasonTexts(cp *CreditPolicy) map[string][2]string {
	out := maps.Clone(reasonTexts)
	for _, c := range Checks {
		out[c.Code] = [2]string{c.What + ".", c.WhatZH + "。"}
	}
	cards := []*Scorecard{&cp.Scorecard}
	if cp.ThinFile != nil {
		cards = append(cards, cp.ThinFile)
	}
	for _, card := range cards {
		for _, it := range card.Items {
			out[it.Code] = [2]string{it.EN, it.ZH}
		}
	}
	return out
}
