package feeds

import (
	"regexp"
	"strings"
)

// RejectZH says a reject's reason or advice in Chinese; a text that it does not
// know stays as it is. Words of the feed's own (names of columns, crops) stay too.
func RejectZH(text string) string {
	if zh, ok := rejectZH[text]; ok {
		return zh
	}
	for _, p := range rejectPatterns {
		if m := p.en.FindStringSubmatchIndex(text); m != nil {
			zh := string(p.en.ExpandString(nil, p.zh, text, m))
			if head, tail, ok := strings.Cut(zh, "⟦"); ok { // a part that is itself a reason
				tail = strings.TrimSuffix(tail, "⟧")
				return head + RejectZH(tail)
			}
			return zh
		}
	}
	return text
}

var rejectZH = map[string]string{
	// Reasons.
	"it is not a number": "不是数字", "it is below 0": "小于0", "the areas in its columns do not agree": "各列面积不一致", "the area is 0": "面积为0",
	"it is not a number that the column can hold": "该列无法容纳此数字", "it is not a whole number": "不是整数", "it is neither yes nor no": "既不是“是”也不是“否”",
	"a spreadsheet rounded the code": "电子表格已将编码四舍五入", "it is not a code": "不是编码", "it is a person's name or number, not a parcel code": "这是人名或证件号，不是地块编码",
	"a spreadsheet rounded the parcel code, or it cannot be read": "电子表格已将地块编码四舍五入，或无法读取", "the price is 0": "价格为0", "it is not the code of a place": "不是行政区划代码",
	"a crop of it is not known": "其中有未知作物", "the weight is 0": "重量为0", "the code is not in the contractors feed": "承包方表中没有该编码", "it is no JSON object of texts": "不是文本型JSON对象",
	"a name alone does not tell the grower, and there is no contractors feed": "仅凭姓名无法确定农户，且没有承包方表", "no contractor has this name": "没有该姓名的承包方",
	"several contractors have this name, and the row names no village": "有多位同名承包方，而该行未写村名", "no contractor of this name lives in the village": "该村没有此姓名的承包方",
	"several contractors of this name live in the village": "该村有多位同名承包方", "a spreadsheet rounded the number": "电子表格已将证件号四舍五入", "it is not a grower ID": "不是农户编号",
	"the row names two different people": "该行指向两个不同的人", "the cell is empty": "单元格为空", "the last day lies before the first": "止日早于起日",
	"it is not the sum of its two parts, to the yuan": "不等于两项之和（精确到元）", "the yield is 0": "产量为0", "the word is not known": "词语未知", "the crop is not known": "作物未知",
	"the row has both water and power": "该行同时有用水和用电", "giver and taker are the same person": "转出方与转入方为同一人", "the row is called split, but has neither materials nor hired labour": "标明已分项，但没有物质费用和雇工费用",
	"there is neither a total nor materials and hired labour": "既没有总成本，也没有物质费用和雇工费用", "the quotes of the row do not pair up": "该行引号不成对",
	"the year is out of range": "年份超出范围", "it is not a day": "不是日期", "it is not a year": "不是年份",
	"an ID number has 17 digits and a last digit or X": "身份证号应为17位数字加末位数字或X", "the check character of the ID number is wrong": "身份证号校验码错误", "the ID number holds no day of birth in places 7 to 14": "身份证号第7至14位不是出生日期",
	"the check character of the unified social credit code is wrong": "统一社会信用代码校验码错误", "it is not the text of a polygon (WKT)": "不是多边形文本（WKT）", "its polygon has no area": "图形没有面积", "its polygon is empty": "图形为空",
	"its polygon is empty or has no area": "图形为空或没有面积", "its polygon is larger than any farm: its coordinate system may be another": "图形大于任何农场，坐标系可能有误", "its polygon has too many corners": "图形顶点过多",
	"its polygon has no corners, or too many": "图形没有顶点或顶点过多", "a coordinate is no number": "坐标不是数字", "it is neither a polygon nor a walk": "既不是多边形也不是绕行轨迹", "the walk has fewer than three points": "绕行轨迹少于三个点",
	"its coordinate system is not one that Parus knows: EPSG:4326, EPSG:4490, GCJ-02, or a zone EPSG:4491 to 4554": "坐标系未知：可用EPSG:4326、EPSG:4490、GCJ-02或分带EPSG:4491至4554", "the coordinates of the geometry cannot be read": "无法读取图形坐标",
	// Advice.
	"write it as 2024-05-31": "请写成2024-05-31", "write it as 2024": "请写成2024", "write digits only, the unit belongs in the heading": "只写数字，单位写在表头", "check the sign": "请检查正负号",
	"check the unit: the heading says which one is read": "请检查单位：以表头为准", "check the units: mu × 2000/3 = m²": "请检查单位：亩×2000/3=平方米", "leave the cell empty where the area is not known": "面积未知时请留空",
	"write whole days": "请写整天数", "write true or false": "请写“是”或“否”", asText: "请从县里系统按文本导出该列；电子表格只保留15位数字", "check the code; leading zeros may have been cut off": "请检查编码，开头的0可能丢失",
	"check the column and the file's encoding": "请检查该列及文件编码", "check that the columns stand under their headings": "请检查各列与表头是否对应", "check the code": "请检查编码", "import the claims anew": "请重新导入圈地数据",
	"have the land drawn or walked again, or state the coordinates' system (source_crs)": "请重新圈画或绕行，或注明坐标系（source_crs）", "leave the row out where there was no price": "没有价格的行请删去",
	"give the codes of GB/T 2260 and GB/T 10114: county 6, town 9, village 12, group 14 digits": "请填写GB/T 2260、GB/T 10114代码：县6位、乡9位、村12位、组14位", "leave the row out where nothing was sold": "没有出售的行请删去",
	"correct that row first": "请先更正那一行", "add the contractor, or correct the code": "请补充承包方或更正编码", "import the roster anew": "请重新导入名单", "keep the one that is right; the first was used": "请保留正确的一行；已采用第一行",
	"if this row is the right one, give it a later received day (--received); else leave it out": "若本行正确，请给它更晚的接收日期；否则请删去", "give the contractors feed, or the ID number": "请提供承包方表或证件号", "give the ID number or contractor code": "请填写证件号或承包方编码",
	"add the village, the ID number or the contractor code": "请补充村名、证件号或承包方编码", "check the village, give its code (12 digits), or give the ID number": "请核对村名，填写其12位代码，或填写证件号", "give the ID number or the contractor code": "请填写证件号或承包方编码",
	"compare it with the document; for a passport or another paper give the person by contractor code, with id_type in the contractors feed": "请与证件核对；护照等其他证件请用承包方编码，并在承包方表中填写证件类型",
	"16 characters 0-9 and a-f, as an earlier run wrote it":                                                                                  "应为16位0-9、a-f，与以往批次一致", "give the grower once: ID number or code": "只写一次农户：证件号或编码",
	"put quotes round cells that hold the separator, and double the quotes inside them": "含分隔符的单元格请加引号，其中的引号写两个", "fill it in": "请填写", "fill in one of them": "请至少填写一项", "check both days": "请核对两个日期",
	"total = production + land; production = materials and services + labour; labour = family + hired":                         "总成本=生产成本+土地成本；生产成本=物质与服务费用+人工成本；人工成本=家庭用工折价+雇工费用",
	"total = production + land; production = materials and services + labour; labour = family + hired; land = rent + own land": "总成本=生产成本+土地成本；生产成本=物质与服务费用+人工成本；人工成本=家庭用工折价+雇工费用；土地成本=流转地租金+自营地折租",
	"leave the row out where the yield is not known":                                                                           "产量未知的行请删去", "write one row a meter": "每个表计请单独一行", "check both codes": "请核对两个编码", "fill them in, or set split to false": "请填写，或将“是否分项”设为否",
}

var rejectPatterns = []struct {
	en *regexp.Regexp
	zh string
}{
	{regexp.MustCompile(`^it is more than (\S+), which the column cannot hold$`), "大于$1，超出该列范围"},
	{regexp.MustCompile(`^the code ends in (\d+) zeros: a spreadsheet rounded it$`), "编码末尾有$1个0：电子表格已四舍五入"},
	{regexp.MustCompile(`^the code has (\d+) characters, it should have (\d+)$`), "编码有$1位，应为$2位"},
	{regexp.MustCompile(`^the parcel code has (\d+) digits, a registry code has 19$`), "地块编码有$1位，登记编码应为19位"},
	{regexp.MustCompile(`^the contractor's own row was rejected \((.+)\)$`), "该承包方自身的行被拒收（$1）"},
	{regexp.MustCompile(`^row (\d+) has the same (.+)$`), "第${1}行的${2}相同"},
	{regexp.MustCompile(`^the store has a row with the same (.+), received the same day, that says otherwise$`), "库中已有${1}相同、同日接收而内容不同的一行"},
	{regexp.MustCompile(`^none of (.+) is filled in$`), "${1}均未填写"},
	{regexp.MustCompile(`^the row has (\d+) cells, the headings (\d+)$`), "该行有$1个单元格，表头有$2个"},
	{regexp.MustCompile(`^an ID number has 18 characters, this has (\d+)$`), "身份证号应为18位，此处为$1位"},
	{regexp.MustCompile(`^a unified social credit code has 18 characters, this has (\d+)$`), "统一社会信用代码应为18位，此处为$1位"},
	{regexp.MustCompile(`^character (\d+) cannot stand in a unified social credit code$`), "统一社会信用代码不能有第${1}位的字符"},
	{regexp.MustCompile(`^neither an ID number nor a unified social credit code: both have 18 characters, this has (\d+)$`), "既不是身份证号也不是统一社会信用代码：二者均为18位，此处为$1位"},
	{regexp.MustCompile(`^(.+); its last digits are zeros, so a spreadsheet may have rounded it$`), "末位为0，可能被电子表格四舍五入；⟦$1⟧"},
	{regexp.MustCompile(`^write one of (.+)$`), "请写其中之一：$1"},
	{regexp.MustCompile(`^write some of (.+), or leave it empty for all crops$`), "请从中选写：$1；全部作物请留空"},
	{regexp.MustCompile(`^the walk does not come back to where it began: the gap is (\d+) % of its length$`), "绕行轨迹未回到起点：缺口占全长的$1%"},
	{regexp.MustCompile(`^its polygon crosses or overlaps itself, and repair would change its area by (\d+) % or more: draw it again$`), "图形自相交，修复将使面积变化$1%以上，请重新圈画"},
	{regexp.MustCompile(`^its polygon crosses itself`), "图形自相交，无法修复"},
	{regexp.MustCompile(`^its coordinates are not on the earth`), "坐标不在地球上，坐标系有误"},
	{regexp.MustCompile(`^a geometry of the type (.+) is neither a polygon nor a walk$`), "$1类型既不是多边形也不是绕行轨迹"},
	{regexp.MustCompile(`^GCJ-02 position .+ lies on the edge`), "该GCJ-02坐标位于适用范围边缘，无法换算"},
	{regexp.MustCompile(`^eastings? `), "坐标带无法判定，请注明坐标系"},
}
