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
	Headings []Heading
}

// Layout is one feed.
type Layout struct {
	Feed      string
	Authority string     // who vouches, where the file has no authority column
	OneOf     [][]string // of each group at least one column and one value per row
	Key       []string   // fields that no two rows may share
	Fields    []Field
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
	{Feed: "contractors", Authority: "land_registry", Key: []string{"contractor_id"}, Fields: join(
		needed(code("contractor_id", 18, "CBFBM", "承包方编码", "承包方代码")),
		field("contractor_type", Choice, "CBFLX", "承包方类型"),
		field("name", Private, "CBFMC", "承包方名称", "承包方姓名", "姓名", "名称"),
		field("id_type", Choice, "CBFZJLX", "证件类型", "承包方证件类型"),
		needed(field("id_number", Identity, idHeadings...)),
		field("phone", Private, "LXDH", "联系电话", "电话", "手机号", "手机号码"),
		field("address", Private, "CBFDZ", "承包方地址", "地址", "住址"),
		provenance())},
	{Feed: "contracts", Authority: "land_registry", OneOf: [][]string{whose}, Key: []string{"contract_id", "parcel_id", "person"}, Fields: join(
		needed(code("contract_id", 19, "CBHTBM", "承包合同编码", "承包合同代码", "合同编码")),
		needed(parcelID), person(),
		area("HTMJ", "HTMJM", "合同面积", "合同面积亩"),
		field("valid_from", Day, "CBQXQ", "承包期限起", "承包起始日期"),
		field("valid_to", Day, "CBQXZ", "承包期限止", "承包终止日期"),
		provenance())},
	{Feed: "transfers", Authority: "agriculture_bureau", OneOf: [][]string{gives, takes}, Key: []string{"transfer_id", "parcel_id", "from", "to"}, Fields: join(
		needed(code("transfer_id", 18, "LZHTBM", "流转合同编码", "流转合同代码")),
		code("contract_id", 19, "CBHTBM", "承包合同编码", "承包合同代码"),
		needed(parcelID),
		code("contractor_id", 18, "CBFBM", "from_contractor_id", "承包方编码", "承包方代码", "转出方编码"),
		field("from_id_number", Identity, "转出方证件号码", "转出方身份证号"),
		field("from_grower_id", Code),
		code("to_contractor_id", 18, "SRFBM", "受让方编码", "受让方代码", "转入方编码"),
		field("to_id_number", Identity, "受让方证件号码", "转入方证件号码", "转入方身份证号"),
		field("to_grower_id", Code),
		field("mode", Choice, "LZFS", "流转方式"),
		needed(field("valid_from", Day, "LZQXKSRQ", "流转期限开始日期", "流转起始日期")),
		field("valid_to", Day, "LZQXJSRQ", "流转期限结束日期", "流转终止日期"),
		area("LZMJ", "LZMJM", "流转面积", "流转面积亩"),
		field("signed", Day, "HTQDRQ", "合同签订日期", "签订日期"),
		provenance())},
	{Feed: "roster", Authority: "agriculture_bureau", OneOf: [][]string{whose}, Key: []string{"person", "product"}, Fields: join(
		person(), field("name", Private, "CBFMC", "姓名", "名称"), field("phone", Private, "LXDH", "联系电话", "手机号"),
		field("kind", Choice, "CBFLX", "主体类型", "经营主体类型"),
		field("household_id", Code, "户号", "家庭编号"),
		field("product", Text, "产品", "贷款产品"),
		money("requested", "申请金额"), money("declared_debt", "自报负债"),
		provenance())},
	{Feed: "declarations", Authority: "grower", OneOf: [][]string{whose}, Key: []string{"person", "parcel_id", "season", "crop", "planting"}, Fields: join(
		person(), needed(parcelID), field("season", Text, "季节", "年度", "种植季"), needed(crop),
		area("", "", "种植面积", "种植面积亩"), field("planting", Day, "播种日期", "种植日期"),
		provenance())},
	{Feed: "policies", Authority: "insurer", OneOf: [][]string{whose}, Key: []string{"policy_id", "person", "crop", "parcel_ids"}, Fields: join(
		needed(field("policy_id", Code, "保单号", "保单号码", "保险单号")), person(), needed(crop),
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
		yield("主产品产量", "亩产"), price, field("split", YesNo, "是否分项"), provenance())},
	{Feed: "statistics", Authority: "statistics_bureau", Key: []string{"county", "crop", "year", "authority"}, Fields: join(
		code("county", 6, "县代码", "行政区划代码"), needed(crop), needed(field("year", Year, "年份", "年度")),
		needed(yield("单产", "亩产", "平均亩产")), provenance())},
}
