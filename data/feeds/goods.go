package feeds

import "github.com/parus-lending/parus/scoring"

// What growers own, sell and use, and the lists they may stand on.

var machineKinds = wordsOf(map[string]string{
	"tractor": "拖拉机, 轮式拖拉机, 履带式拖拉机, 手扶拖拉机, 动力机械", "harvester": "收割机, 联合收割机, 谷物联合收割机, 玉米收获机, 收获机械",
	"planter": "播种机, 插秧机, 水稻插秧机, 种植施肥机械", "sprayer": "喷雾机, 植保机械", "drone": "无人机, 植保无人机, 植保无人驾驶航空器",
	"dryer": "烘干机, 谷物烘干机, 粮食烘干机", "pump": "水泵, 排灌机械", "tiller": "旋耕机, 耕整地机械, 微耕机", "other": "其他, 其他机械",
})

func machine(r *row) scoring.Machine {
	return scoring.Machine{Provenance: r.provenance(), MachineID: r.code("machine_id"), GrowerID: r.person(), Kind: r.choice("kind", machineKinds),
		Watts: r.scale("power_kw", 10_000, 1000), Bought: r.date("bought"), Cost: r.fen("cost_yuan", maxYuan), Subsidy: r.fen("subsidy_yuan", maxYuan)}
}

func purchase(r *row) scoring.Purchase {
	p := scoring.Purchase{Provenance: r.provenance(), PurchaseID: r.code("purchase_id"), GrowerID: r.person(), Buyer: r.text("buyer"), Crop: r.crop(),
		Day: r.date("day"), Grams: r.scale("weight_kg", 1e8, 1000), Paid: r.fen("paid_yuan", maxYuan)}
	if p.Grams == 0 && len(r.bad) == 0 {
		r.reject("weight_kg", "the weight is 0", "leave the row out where nothing was sold")
	}
	return p
}

var meterUses = wordsOf(map[string]string{
	"irrigation": "灌溉, 排灌, 农业排灌, 农业灌溉, 贫困县农业排灌", "farm": "农业, 农业生产, 农业生产用电", "home": "居民, 居民生活, 生活", "other": "其他, 工业, 商业, 一般工商业",
})

func meter(r *row) scoring.Meter {
	m := scoring.Meter{Provenance: r.provenance(), MeterID: r.code("meter_id"), GrowerID: r.person(), Use: r.choice("use", meterUses), ParcelIDs: r.parcelList("parcel_ids")}
	water, _ := r.raw("water_m3")
	power, _ := r.raw("power_kwh")
	switch {
	case water != "" && power != "":
		r.rejectRow("the row has both water and power", "write one row a meter")
	case water != "":
		m.Kind, m.Amount = "water", r.scale("water_m3", 1e9, 1000)
	default:
		m.Kind, m.Amount = "power", r.scale("power_kwh", 1e9, 1000)
	}
	return m
}

var listNames = wordsOf(map[string]string{
	"court": "失信被执行人, 被执行人, 失信, 法院, 限制高消费", "tax": "欠税, 税务, 重大税收违法, 纳税非正常户", "deceased": "死亡, 已故, 殡葬, 去世",
})

func listEntry(r *row) scoring.ListEntry {
	e := scoring.ListEntry{Provenance: r.provenance(), GrowerID: r.person(), Day: r.date("day")}
	v, _ := r.raw("list")
	var known bool
	if e.List, known = listNames.find(v); !known { // a list of the county's own
		e.List = r.text("list")
	}
	r.set("list", e.List)
	e.Listed, _ = r.yesNo("listed")
	return e
}

var relations = words{
	"01": "head", "02": "head", "0": "head", "1": "head", "本人": "head", "户主": "head", "head": "head",
	"10": "spouse", "11": "spouse", "12": "spouse", "配偶": "spouse", "夫": "spouse", "妻": "spouse", "妻子": "spouse", "丈夫": "spouse", "spouse": "spouse",
	"20": "child", "子": "child", "儿子": "child", "长子": "child", "次子": "child", "独生子": "child", "30": "child", "女": "child", "女儿": "child", "长女": "child", "次女": "child", "child": "child",
	"儿媳": "child", "女婿": "child", "40": "grandchild", "孙子": "grandchild", "孙女": "grandchild", "外孙": "grandchild", "外孙子": "grandchild", "外孙女": "grandchild", "grandchild": "grandchild",
	"50": "parent", "父": "parent", "父亲": "parent", "母": "parent", "母亲": "parent", "父母": "parent", "公公": "parent", "婆婆": "parent", "岳父": "parent", "岳母": "parent", "parent": "parent",
	"60": "grandparent", "祖父母": "grandparent", "祖父": "grandparent", "祖母": "grandparent", "grandparent": "grandparent",
	"70": "sibling", "兄": "sibling", "弟": "sibling", "姐": "sibling", "妹": "sibling", "兄弟": "sibling", "姐妹": "sibling", "sibling": "sibling",
	"80": "other", "90": "other", "97": "other", "99": "other", "其他": "other", "其它": "other", "other": "other",
}

// relation of GB/T 4761: the first digit groups the codes, 2 sons, 3 daughters.
func (r *row) relation(name string) string {
	v, _ := r.raw(name)
	if len(v) == 2 && isDigits(v) && v[0] != '0' && v[0] != '9' {
		if w, ok := relations[v[:1]+"0"]; ok {
			r.set(name, w)
			return w
		}
	}
	return r.choice(name, relations)
}

var memberNotes = words{
	"1": "married_out", "外嫁女": "married_out", "married_out": "married_out", "2": "married_in", "入赘男": "married_in", "married_in": "married_in",
	"3": "student", "在校大学生": "student", "student": "student", "4": "civil_servant", "国家公职人员": "civil_servant", "civil_servant": "civil_servant",
	"5": "soldier", "军人": "soldier", "soldier": "soldier", "6": "newborn", "新生儿": "newborn", "newborn": "newborn",
	"7": "deceased", "去世": "deceased", "deceased": "deceased", "9": "other", "其他": "other", "其他备注": "other", "other": "other",
}

func member(r *row) scoring.Person {
	p := scoring.Person{Provenance: r.provenance(), Kind: "person", Relation: r.relation("relation"), Note: r.choice("note", memberNotes)}
	if r.s.stored {
		p.GrowerID, p.HouseholdID, p.Born = r.plain("grower_id"), r.plain("household"), r.date("born")
		r.set("person", p.GrowerID)
		r.s.growers.add(p.GrowerID)
		return p
	}
	kind := r.choice("id_type", idTypes)
	if v, _ := r.raw("id_number"); v != "" {
		r.checkNumber("id_number", kind)
		p.GrowerID, p.Born = r.s.opt.Key.GrowerID(v), bornBefore(v)
		r.s.growers.add(p.GrowerID)
	}
	if v := r.code("contractor_id"); v != "" {
		var ok bool
		if p.HouseholdID, ok = r.s.people.growers[v]; !ok {
			if at, bad := r.s.people.bad[v]; bad {
				r.reject("contractor_id", "the contractor's own row was rejected ("+at+")", "correct that row first")
			} else {
				r.reject("contractor_id", "the code is not in the contractors feed", "add the contractor, or correct the code")
			}
		}
	}
	r.set("person", p.GrowerID)
	r.set("grower_id", p.GrowerID)
	r.set("household", p.HouseholdID)
	r.set("born", p.Born.String())
	return p
}

var certificateStates = words{
	"1": "valid", "有效": "valid", "valid": "valid", "2": "cancelled", "注销": "cancelled", "作废": "cancelled", "cancelled": "cancelled",
	"3": "replaced", "换发": "replaced", "补发": "replaced", "replaced": "replaced",
}

func certificate(r *row) scoring.Certificate {
	return scoring.Certificate{Provenance: r.provenance(), CertificateID: r.code("certificate_id"), ContractID: r.code("contract_id"),
		GrowerID: r.person(), Issued: r.date("issued"), Status: r.choice("status", certificateStates)}
}
