package feeds

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
)

// The official cost surveys (农产品成本收益) print one item a row and one year,
// crop or place a column:
//
//	2022年金寨县玉米成本收益情况
//	项目          单位   2021   2022
//	一、每亩
//	主产品产量     公斤   578    581.4
//	总成本        元     1151   1178.1
//	 生产成本      元     …
//
// official turns such a sheet into one row for each column of values; any other
// table stays as it is. What a column does not say of its crop and year, the
// title says, or the mapping's [set].

// items of the layout, as plain text, and the field's heading; the first time an
// item stands in a sheet it is per mu, later ones are per 50 kg and left out.
var items = map[string]string{
	"主产品产量": "yield_kg_mu", "总成本": "total_yuan_mu", "总成本合计": "total_yuan_mu", "生产成本": "production_yuan_mu", "物质与服务费用": "materials_yuan_mu", "物质与服务费": "materials_yuan_mu",
	"人工成本": "labour_yuan_mu", "家庭用工折价": "family_labour_yuan_mu", "雇工费用": "hired_labour_yuan_mu", "土地成本": "land_yuan_mu",
	"流转地租金": "rent_yuan_mu", "自营地折租": "own_land_yuan_mu", "净利润": "net_profit_yuan_mu", "现金收益": "cash_income_yuan_mu",
	"平均出售价格": "price_yuan_50kg", "每50公斤主产品平均出售价格": "price_yuan_50kg", "50公斤主产品平均出售价格": "price_yuan_50kg", "每50公斤平均出售价格": "price_yuan_50kg",
}

const (
	surveyRows    = 400 // a longer table is no survey sheet
	surveyItems   = 4   // items that make one
	surveyColumns = 200
)

var yearIn = regexp.MustCompile(`(?:19|20)[0-9]{2}`)

func official(ctx context.Context, t *table) (*table, error) {
	var rows []line
	err := t.each(ctx, func(l line) error {
		if rows = append(rows, l); len(rows) > surveyRows {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return t, nil
	}
	if err != nil {
		return nil, err
	}
	s := surveySheet{rows: rows}
	if !s.find() {
		return t, nil
	}
	out := *t
	turned := s.turn()
	out.each = func(ctx context.Context, use func(line) error) error { return feed(ctx, turned, nil, use) }
	return &out, nil
}

type surveySheet struct {
	rows  []line
	names int // column of the items' names
	first int // index of the first item's row
}

// find looks for the column of items.
func (s *surveySheet) find() bool {
	for column := range 3 {
		n, first := 0, -1
		for i, l := range s.rows {
			if column < len(l.cells) && items[itemName(l.cells[column])] != "" {
				if n++; first < 0 {
					first = i
				}
			}
		}
		if n >= surveyItems {
			s.names, s.first = column, first
			return true
		}
	}
	return false
}

// itemName is an item without its numbering: "（1）家庭用工折价" is 家庭用工折价.
func itemName(v string) string {
	v = plain(v)
	if items[v] != "" {
		return v
	}
	v = strings.TrimLeft(v, "一二三四五六七八九十①②③④⑤⑥⑦⑧⑨0123456789、,，")
	return strings.TrimPrefix(v, "其中")
}

// turn makes a row of each column of values.
func (s *surveySheet) turn() []line {
	var fields []string
	at := map[string]int{} // field → row
	for i, l := range s.rows[s.first:] {
		if s.names >= len(l.cells) {
			continue
		}
		f := items[itemName(l.cells[s.names])]
		if _, had := at[f]; f == "" || had {
			continue
		}
		at[f] = s.first + i
		fields = append(fields, f)
	}
	width := 0
	for _, l := range s.rows {
		width = max(width, min(len(l.cells), surveyColumns))
	}
	var title strings.Builder
	for _, l := range s.rows[:s.first] {
		title.WriteString(strings.Join(l.cells, " ") + " ")
	}
	slices.Sort(fields)
	head := append([]string{"crop", "year"}, s.headings(fields, at)...)
	out := []line{{cells: head}}
	for column := s.names + 1; column < width; column++ {
		values := 0
		cells := []string{s.crop(column, title.String()), s.year(column, title.String())}
		for _, f := range fields {
			v := s.cell(at[f], column)
			if _, err := parseNumber(v); err == nil {
				values++
			} else if v == "-" || v == "—" || v == "--" {
				v = ""
			}
			cells = append(cells, v)
		}
		if values >= 2 { // a column of units or remarks has none
			out = append(out, line{number: column + 1, cells: cells})
		}
	}
	return out
}

func (s *surveySheet) cell(row, column int) string {
	if cells := s.rows[row].cells; column < len(cells) {
		return narrow(cells[column])
	}
	return ""
}

// headings name each field's unit as the sheet's column of units has it.
func (s *surveySheet) headings(fields []string, at map[string]int) []string {
	out := slices.Clone(fields)
	for i, f := range fields {
		for column := s.names + 1; column < s.names+3; column++ {
			switch unit := plain(s.cell(at[f], column)); {
			case f == "yield_kg_mu" && (unit == "斤" || unit == "市斤"):
				out[i] = "yield_jin_mu"
			case f == "price_yuan_50kg" && (unit == "元公斤" || unit == "元千克"):
				out[i] = "price_yuan_kg"
			case strings.HasSuffix(f, "_yuan_mu") && unit == "元公顷":
				out[i] = strings.TrimSuffix(f, "_mu") + "_ha"
			}
		}
	}
	return out
}

// above are the texts over a column, the nearest first; a merged cell stands in
// its first column.
func (s *surveySheet) above(column int) (out []string) {
	for i := s.first - 1; i >= 0; i-- {
		for c := column; c > s.names; c-- {
			if v := s.cell(i, c); v != "" {
				out = append(out, v)
				break
			}
		}
	}
	return out
}

func (s *surveySheet) year(column int, title string) string {
	for _, v := range append(s.above(column), title) {
		if y := yearIn.FindString(v); y != "" {
			return y
		}
	}
	return ""
}

func (s *surveySheet) crop(column int, title string) string {
	for _, v := range s.above(column) {
		if c, ok := Crop(v); ok {
			return c
		}
	}
	for _, v := range append(s.above(column), title) {
		if c := cropIn(v); c != "" {
			return c
		}
	}
	return ""
}

// cropIn is the crop whose Chinese name stands in a text; of several the longest.
func cropIn(text string) string {
	best, name := "", ""
	for n, c := range crops {
		if n[0] >= 0x80 && (len(n) > len(name) || len(n) == len(name) && n < name) && n != "茶" && n != "梨" && n != "橙" && strings.Contains(text, n) && c != "other" {
			best, name = c, n
		}
	}
	return best
}
