package feeds

// The column layout of each feed, as data. Field.Name is the heading Parus
// writes; every heading in Field.Headings is read. Headings are compared
// without case, blanks and underscores. docs/feeds.md shows the same for people.

// Kind says how a cell is read.
type Kind int

const (
	Text     Kind = iota // free text
	Code                 // registry or file number
	ParcelID             // DKBM or another parcel code
	Parcels              // several parcel codes, separated by ; , | or 、
	Identity             // ID number or unified social credit code: never leaves the package
	Private              // name, phone, address: never leaves the package
	Day                  // calendar day
	Year                 // calendar year
	Whole                // whole number ≥ 0
	Area                 // square metres after the unit of the heading
	Money                // yuan after the unit of the heading
	PerMu                // yuan per mu
	Yield                // kg per mu
	Price                // yuan per 50 kg
	CropName             // a crop's name
	Choice               // one of a table's words
	YesNo                // true, false, 1, 0, 是, 否
	Signed               // yuan per mu that may lie below 0
	Amount               // a number ≥ 0 in the unit that the field's name ends in
	Words                // several of a table's words or codes, separated as Parcels
	Shape                // WKT: POLYGON or MULTIPOLYGON
)

// Heading is one name under which a field is found, with the number by which
// its cells are multiplied to get the field's unit (0 = 1).
type Heading struct {
	Name  string
	Times float64
}

// Field is one column of a feed.
type Field struct {
	Name     string
	Kind     Kind
	Need     bool // the file is refused without the column, a row without the value
	Length   int  // characters of a registry code; 0 = any
	Stored   bool // only in a file of the store, never in one that a county sends
	Headings []Heading
}

// Layout is one feed.
type Layout struct {
	Feed      string
	Authority string     // who vouches, where the file has no authority column
	OneOf     [][]string // of each group at least one column and one value per row
	Key       []string   // fields that no two rows may share
	Fields    []Field
	stored    bool // the layout of the feed's file in the store
}

// LayoutOf finds a feed's layout.
func LayoutOf(feed string) (Layout, bool) {
	for _, l := range Layouts {
		if l.Feed == feed {
			return l, true
		}
	}
	return Layout{}, false
}

// Field finds a field by its name.
func (l Layout) Field(name string) (Field, bool) {
	for _, f := range l.Fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Layouts are all feeds, in the order in which they are read.
var Layouts = []Layout{
	{Feed: "issuers", Authority: "land_registry", Key: []string{"issuer_id"}, Fields: join(
		needed(code("issuer_id", 14, "FBFBM", "发包方编码", "发包方代码")),
		needed(field("village", Text, "FBFMC", "发包方名称", "村", "村名")),
		field("lon", Amount, "经度", "村委会经度"), field("lat", Amount, "纬度", "村委会纬度"),
		provenance())},
	{Feed: "contractors", Authority: "land_registry", Key: []string{"contractor_id"}, Fields: join(
		needed(code("contractor_id", 18, "CBFBM", "承包方编码", "承包方代码")),
		field("contractor_type", Choice, "CBFLX", "承包方类型"),
		field("name", Private, "CBFMC", "承包方名称", "承包方姓名", "姓名", "名称"),
		field("id_type", Choice, "CBFZJLX", "证件类型", "承包方证件类型"),
		needed(field("id_number", Identity, idHeadings...)),
		field("phone", Private, "LXDH", "联系电话", "电话", "手机号", "手机号码"),
		field("address", Private, "CBFDZ", "承包方地址", "地址", "住址"),
		inStore(field("grower_id", Code), field("name_key", Code), field("born", Day)),
		provenance())},
	{Feed: "members", Authority: "land_registry", OneOf: [][]string{{"contractor_id", "household"}}, Key: []string{"person", "household"}, Fields: join(
		code("contractor_id", 18, "CBFBM", "承包方编码", "承包方代码"),
		field("name", Private, "CYXM", "成员姓名", "姓名"),
		field("id_type", Choice, "CYZJLX", "成员证件类型", "证件类型"),
		needed(field("id_number", Identity, "CYZJHM", "成员证件号码", "证件号码", "身份证号", "身份证号码")),
		field("relation", Choice, "YHZGX", "与户主关系"),
		field("note", Choice, "CYBZ", "成员备注"),
		inStore(field("grower_id", Code), field("household", Code), field("born", Day)),
		provenance())},
	{Feed: "contracts", Authority: "land_registry", OneOf: [][]string{whoseByName, {"parcel_id", "area_m2"}}, Key: []string{"contract_id", "parcel_id", "person", "crop"}, Fields: join(
		needed(code("contract_id", 19, "CBHTBM", "承包合同编码", "承包合同代码", "合同编码")),
		parcelID, person(), byName(), optional(crop),
		area("HTMJ", "HTMJM", "合同面积", "合同面积亩"),
		field("valid_from", Day, "CBQXQ", "承包期限起", "承包起始日期"),
		field("valid_to", Day, "CBQXZ", "承包期限止", "承包终止日期"),
		provenance())},
	{Feed: "certificates", Authority: "land_registry", Key: []string{"certificate_id"}, Fields: join(
		needed(code("certificate_id", 19, "CBJYQZBM", "承包经营权证编码", "权证编码")),
		code("contract_id", 19, "CBHTBM", "承包合同编码", "承包合同代码", "合同编码"), person(),
		field("issued", Day, "FZRQ", "发证日期"), field("status", Choice, "QZZT", "权证状态"),
		provenance())},
	{Feed: "transfers", Authority: "agriculture_bureau", OneOf: [][]string{gives, takes, {"parcel_id", "area_m2"}}, Key: []string{"transfer_id", "parcel_id", "from", "to", "crop"}, Fields: join(
		needed(code("transfer_id", 18, "LZHTBM", "流转合同编码", "流转合同代码")),
		code("contract_id", 19, "CBHTBM", "承包合同编码", "承包合同代码"),
		parcelID,
		code("contractor_id", 18, "CBFBM", "from_contractor_id", "承包方编码", "承包方代码", "转出方编码"),
		field("from_id_number", Identity, "转出方证件号码", "转出方身份证号"),
		field("from_grower_id", Code),
		code("to_contractor_id", 18, "SRFBM", "受让方编码", "受让方代码", "转入方编码"),
		field("to_id_number", Identity, "受让方证件号码", "转入方证件号码", "转入方身份证号"),
		field("to_grower_id", Code),
		field("from_name", Private, "转出方姓名", "转出方名称"), field("to_name", Private, "受让方姓名", "受让方名称", "转入方姓名"), villageOf, optional(crop),
		field("mode", Choice, "LZFS", "流转方式"),
		needed(field("valid_from", Day, "LZQXKSRQ", "流转期限开始日期", "流转起始日期")),
		field("valid_to", Day, "LZQXJSRQ", "流转期限结束日期", "流转终止日期"),
		area("LZMJ", "LZMJM", "流转面积", "流转面积亩"),
		field("signed", Day, "HTQDRQ", "合同签订日期", "签订日期"),
		perMu("rent", "流转价格"),
		provenance())},
	{Feed: "roster", Authority: "agriculture_bureau", OneOf: [][]string{whose}, Key: []string{"person", "product"}, Fields: join(
		person(), field("name", Private, "CBFMC", "姓名", "名称"), field("phone", Private, "LXDH", "联系电话", "手机号"),
		field("kind", Choice, "CBFLX", "主体类型", "经营主体类型"),
		field("household_id", Code, "户号", "家庭编号"),
		field("product", Text, "产品", "贷款产品"),
		money("requested", "申请金额"), money("declared_debt", "自报负债"), inStore(field("extras", Text)),
		provenance())},
	{Feed: "declarations", Authority: "grower", OneOf: [][]string{whose}, Key: []string{"person", "parcel_id", "season", "crop", "planting"}, Fields: join(
		person(), needed(parcelID), field("season", Text, "季节", "年度", "种植季"), needed(crop),
		area("", "", "种植面积", "种植面积亩"), field("planting", Day, "播种日期", "种植日期"),
		perMu("cost", "自报亩均成本"), yield("自报亩产", "常年亩产"),
		provenance())},
	{Feed: "policies", Authority: "insurer", OneOf: [][]string{whoseByName}, Key: []string{"policy_id", "person", "crop", "parcel_ids"}, Fields: join(
		needed(field("policy_id", Code, "保单号", "保单号码", "保险单号")), person(), byName("投保人", "被保险人", "投保农户"), needed(crop),
		area("", "", "投保面积", "投保面积亩", "保险面积亩"),
		parcelList, money("sum_insured_per_mu", "每亩保额", "单位保额", "单位保险金额"),
		field("beneficiary", Text, "第一受益人", "受益人"), money("pledged", "已质押金额"),
		needed(field("valid_from", Day, "保险起期", "保险起始日期")), needed(field("valid_to", Day, "保险止期", "保险终止日期")),
		provenance())},
	{Feed: "subsidies", Authority: "agriculture_bureau", OneOf: [][]string{whose}, Key: []string{"subsidy_id", "person", "parcel_id", "season", "crop"}, Fields: join(
		field("subsidy_id", Code, "补贴编号", "申报编号"), person(), needed(parcelID),
		field("season", Text, "季节", "年度", "补贴年度"), needed(crop), area("", "", "补贴面积", "补贴面积亩", "申报面积亩"),
		provenance())},
	{Feed: "debts", Authority: "lender", OneOf: [][]string{whose}, Key: []string{"debt_id", "lender", "person"}, Fields: join(
		field("debt_id", Code, "借据号", "贷款编号", "合同号"), person(),
		needed(field("lender", Text, "贷款机构", "放款机构", "债权人")), field("purpose", Choice, "贷款用途", "用途"),
		field("season", Text, "季节", "年度"), neededMoney("outstanding", "贷款余额", "余额"),
		field("due", Day, "到期日", "到期日期"), field("days_past_due", Whole, "逾期天数"), parcelList,
		field("valid_from", Day, "drawn", "放款日", "放款日期"), provenance())},
	{Feed: "costs", Authority: "price_bureau", Key: []string{"county", "crop", "year", "authority"}, Fields: join(
		code("county", 6, "县代码", "行政区划代码"), needed(crop), needed(field("year", Year, "年份", "年度")),
		perMu("total", "总成本"), perMu("materials", "物质与服务费用"), perMu("hired_labour", "雇工费用"),
		perMu("family_labour", "家庭用工折价"), perMu("rent", "流转地租金"), perMu("own_land", "自营地折租"),
		perMu("production", "生产成本"), perMu("labour", "人工成本"), perMu("land", "土地成本"),
		signed(perMu("net_profit", "净利润")), signed(perMu("cash_income", "现金收益")),
		yield("主产品产量", "亩产"), priceField, field("split", YesNo, "是否分项"), provenance())},
	{Feed: "statistics", Authority: "statistics_bureau", Key: []string{"county", "crop", "year", "authority"}, Fields: join(
		code("county", 6, "县代码", "行政区划代码"), needed(crop), needed(field("year", Year, "年份", "年度")),
		needed(yield("单产", "亩产", "平均亩产")), provenance())},
	{Feed: "prices", Authority: "price_bureau", Key: []string{"crop", "day", "county", "market", "kind", "authority"}, Fields: join(
		code("county", 6, "县代码", "行政区划代码"), field("market", Text, "市场", "市场名称", "采集点"), needed(crop),
		field("kind", Choice, "价格类型"), needed(field("day", Day, "日期", "采价日期", "价格日期")), needed(priceField), provenance())},
	{Feed: "disasters", Authority: "emergency_bureau", Key: []string{"notice_id", "places", "crops"}, Fields: join(
		needed(field("notice_id", Code, "通报编号", "灾情编号", "文号")), needed(field("kind", Choice, "灾种", "灾害类型", "灾害种类")),
		field("level", Choice, "等级", "预警等级", "灾害等级"), needed(field("places", Words, "place", "地区代码", "行政区划代码", "受灾地区代码")),
		field("crops", Words, "crop", "作物", "受灾作物"), affected(), field("loss_percent", Amount, "减产率", "损失率", "减产百分比"),
		needed(field("valid_from", Day, "开始日期", "灾害开始日期", "发生日期")), needed(field("valid_to", Day, "结束日期", "灾害结束日期")),
		provenance())},
	{Feed: "machinery", Authority: "agriculture_bureau", OneOf: [][]string{whose}, Key: []string{"machine_id"}, Fields: join(
		needed(field("machine_id", Code, "出厂编号", "机具编号", "牌照号")), person(), needed(field("kind", Choice, "机具类别", "机具品目", "类别")),
		Field{Name: "power_kw", Kind: Amount, Headings: []Heading{{"power_kw", 1}, {"power_hp", 0.7355}, {"功率", 1}, {"功率千瓦", 1}, {"马力", 0.7355}}},
		field("bought", Day, "购置日期", "购机日期"), money("cost", "购置价格", "销售价格"), money("subsidy", "补贴金额", "补贴额"), provenance())},
	{Feed: "purchases", Authority: "grain_buyer", OneOf: [][]string{whose}, Key: []string{"purchase_id", "buyer", "person"}, Fields: join(
		field("purchase_id", Code, "收购单号", "磅单号", "凭证号"), person(), field("buyer", Text, "收购单位", "收购企业", "库点"), needed(crop),
		needed(field("day", Day, "收购日期", "交易日期", "日期")),
		needed(Field{Name: "weight_kg", Kind: Amount, Headings: []Heading{{"weight_kg", 1}, {"weight_t", 1000}, {"weight_jin", 0.5}, {"净重公斤", 1}, {"重量公斤", 1}, {"净重吨", 1000}, {"数量吨", 1000}, {"净重斤", 0.5}}}),
		money("paid", "金额", "结算金额"), provenance())},
	{Feed: "meters", Authority: "utility", OneOf: [][]string{whose, {"water_m3", "power_kwh"}}, Key: []string{"meter_id", "valid_from", "valid_to", "person"}, Fields: join(
		needed(field("meter_id", Code, "表号", "电表号", "水表号", "户号")), person(),
		Field{Name: "water_m3", Kind: Amount, Headings: []Heading{{"water_m3", 1}, {"用水量", 1}, {"用水量立方米", 1}, {"用水量吨", 1}}},
		Field{Name: "power_kwh", Kind: Amount, Headings: []Heading{{"power_kwh", 1}, {"用电量", 1}, {"用电量千瓦时", 1}, {"用电量度", 1}}},
		field("use", Choice, "用途", "用电类别", "用水类别"), parcelList,
		needed(field("valid_from", Day, "起始日期", "上次抄表日期")), needed(field("valid_to", Day, "截止日期", "抄表日期")), provenance())},
	{Feed: "lists", Authority: "government", OneOf: [][]string{whose}, Key: []string{"person", "list", "day"}, Fields: join(
		person(), needed(field("list", Choice, "名单", "名单类型")), needed(field("listed", YesNo, "是否在名单", "结果", "是否命中")),
		field("day", Day, "日期", "列入日期", "查询日期", "死亡日期"), provenance())},
	{Feed: "claims", Authority: "grower", OneOf: [][]string{whose}, Key: []string{"claim_id", "person"}, Fields: join(
		needed(field("claim_id", Code, "圈地编号", "编号", "fid")), person(), field("parcel_id", ParcelID, "DKBM", "地块编码", "地块代码"),
		field("season", Text, "季节", "年度", "种植季"), optional(crop), area("", "", "申报面积亩"),
		field("method", Choice, "determination_method", "圈地方式", "采集方式"), field("taken", Day, "圈地日期", "采集日期", "time"),
		field("source_crs", Text, "crs", "坐标系"), field("geometry_crs", Text), needed(field("geometry", Shape, "wkt", "geom", "几何")),
		inStore(field("assumed", Text)), provenance())},
}
