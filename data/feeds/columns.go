package feeds

// The pieces that layouts are put together from.

var (
	whose = []string{"id_number", "contractor_id", "grower_id"}
	gives = []string{"contractor_id", "from_id_number", "from_grower_id", "from_name"}
	takes = []string{"to_contractor_id", "to_id_number", "to_grower_id", "to_name"}

	idHeadings = []string{"CBFZJHM", "证件号码", "承包方证件号码", "身份证号", "身份证号码", "统一社会信用代码", "id_card", "credit_code"}

	parcelID   = field("parcel_id", ParcelID, "DKBM", "地块编码", "地块代码")
	parcelList = field("parcel_ids", Parcels, "parcel_id", "DKBM", "地块编码", "地块代码")
	crop       = field("crop", CropName, "作物", "作物名称", "种植作物", "品种", "投保作物")
	priceField = Field{Name: "price_yuan_50kg", Kind: Price, Headings: []Heading{
		{"price_yuan_50kg", 1}, {"price_per_50kg", 1}, {"平均出售价格", 1}, {"每50公斤价格", 1}, {"每50公斤主产品平均出售价格", 1},
		{"price_yuan_kg", 50}, {"price_yuan_t", 0.05}, {"price_yuan_jin", 100}}}
)

func join(parts ...any) []Field {
	var out []Field
	for _, p := range parts {
		switch x := p.(type) {
		case Field:
			out = append(out, x)
		case []Field:
			out = append(out, x...)
		}
	}
	return out
}

func field(name string, kind Kind, aliases ...string) Field {
	f := Field{Name: name, Kind: kind, Headings: []Heading{{Name: name}}}
	for _, a := range aliases {
		f.Headings = append(f.Headings, Heading{Name: a})
	}
	return f
}

func code(name string, length int, aliases ...string) Field {
	f := field(name, Code, aliases...)
	f.Length = length
	return f
}

func needed(f Field) Field { f.Need = true; return f }

func optional(f Field) Field { f.Need = false; return f }

func signed(f Field) Field { f.Kind = Signed; return f }

// inStore are fields that only a file of the store has.
func inStore(fields ...Field) []Field {
	for i := range fields {
		fields[i].Stored = true
	}
	return fields
}

var (
	villageOf   = field("village", Text, "村", "村名", "行政村", "村委会", "所在村")
	whoseByName = []string{"id_number", "contractor_id", "grower_id", "household_name"}
)

// byName names a grower as paper does: by the head of the household and the
// village.
func byName(aliases ...string) []Field {
	return []Field{field("household_name", Private, append([]string{"户主姓名", "户主", "农户姓名"}, aliases...)...), villageOf}
}

func affected() Field {
	f := area("", "", "受灾面积亩")
	f.Name = "affected_m2"
	f.Headings = []Heading{{"affected_m2", 1}, {"affected_mu", mu2}, {"affected_ha", 10_000}, {"受灾面积亩", mu2}, {"受灾面积公顷", 10_000}}
	return f
}

// person are the three ways to name a grower; one is enough.
func person() []Field {
	return []Field{field("id_number", Identity, idHeadings...), code("contractor_id", 18, "CBFBM", "承包方编码", "承包方代码"), field("grower_id", Code)}
}

// provenance are the columns that any feed may have.
func provenance() []Field {
	return []Field{field("received", Day, "收到日期", "接收日期", "入库日期"), field("authority", Text, "来源单位", "数据来源"), field("legal_basis", Text, "法律依据", "授权依据"),
		{Name: "source", Kind: Text, Stored: true, Headings: []Heading{{Name: "source"}}}, {Name: "checksum", Kind: Code, Stored: true, Headings: []Heading{{Name: "checksum"}}}}
}

// area is read in the unit that the heading names: m2 and mu are the registry's
// headings, others are in mu.
func area(m2, mu string, others ...string) Field {
	f := Field{Name: "area_m2", Kind: Area, Headings: []Heading{
		{"area_m2", 1}, {"area_mu", mu2}, {"area_ha", 10_000}, {"面积平方米", 1}, {"面积亩", mu2}, {"面积公顷", 10_000}}}
	if m2 != "" {
		f.Headings = append(f.Headings, Heading{m2, 1}, Heading{mu, mu2})
	}
	for i, o := range others {
		times := mu2
		if i == 0 && m2 != "" {
			times = 1 // 合同面积 and 流转面积 of the registry are m²
		}
		f.Headings = append(f.Headings, Heading{o, times})
	}
	return f
}

const mu2 = 2000.0 / 3

func money(name string, aliases ...string) Field {
	f := Field{Name: name + "_yuan", Kind: Money, Headings: []Heading{
		{name + "_yuan", 1}, {name, 1}, {name + "_fen", 0.01}, {name + "_wan", 10_000}}}
	for _, a := range aliases {
		f.Headings = append(f.Headings, Heading{a, 1}, Heading{a + "元", 1}, Heading{a + "万元", 10_000})
	}
	return f
}

func neededMoney(name string, aliases ...string) Field { return needed(money(name, aliases...)) }

func perMu(name, zh string) Field {
	return Field{Name: name + "_yuan_mu", Kind: PerMu, Headings: []Heading{
		{name + "_yuan_mu", 1}, {name, 1}, {name + "_yuan_ha", 1.0 / 15}, {name + "_fen_mu", 0.01}, {zh, 1}}}
}

func yield(zh ...string) Field {
	f := Field{Name: "yield_kg_mu", Kind: Yield, Headings: []Heading{
		{"yield_kg_mu", 1}, {"yield_kg_ha", 1.0 / 15}, {"yield_t_ha", 1000.0 / 15}, {"yield_jin_mu", 0.5}}}
	for _, z := range zh {
		f.Headings = append(f.Headings, Heading{z, 1})
	}
	return f
}
