package feeds

import (
	"strings"
	"testing"

	"github.com/parus-lending/parus/scoring"
)

// A survey sheet in the official layout: maize in Donghai 2025 as published
// (DOMAIN: total 814.21 = materials 434.05 + labour 180.16 + land 200), beside a
// made-up year whose sums do not agree. 427.78 kg; 100.26 yuan per 50 kg.
func TestOfficialSurvey(t *testing.T) {
	sheet := "东海县玉米成本收益情况,,,\n项目,单位,2025年,2024年\n一、每亩,,,\n1. 主产品产量,公斤,427.78,420\n总成本,元,814.21,900\n  生产成本,元,614.21,600\n   （1）物质与服务费用,元,434.05,430\n   （2）人工成本,元,180.16,170\n" +
		"    其中：家庭用工折价,元,150.16,150\n    雇工费用,元,30,20\n  土地成本,元,200,200\n净利润,元,43.6,-12.5\n二、每50公斤主产品,,,\n平均出售价格,元,100.26,99\n总成本,元,95.2,107\n"
	l := read(t, map[string]string{"costs": strings.ReplaceAll(sheet, "2025年", "2023年")}) // known in 2024
	if len(l.Records.Costs) != 1 || len(l.Rejects) != 0 {
		t.Fatalf("costs %+v rejects %+v", l.Records.Costs, l.Rejects)
	}
	c := l.Records.Costs[0]
	want := scoring.Cost{Provenance: c.Provenance, Crop: "maize", Year: 2023, Total: 814_21, Production: 614_21, Materials: 434_05, Labour: 180_16, FamilyLabour: 150_16,
		HiredLabour: 30_00, Land: 200_00, NetProfit: 43_60, YieldKgPerMu: 4278, PricePer50Kg: 100_26, Split: true}
	if c != want || c.Source != "costs.csv:3" {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
	l = read(t, map[string]string{"costs": strings.ReplaceAll(strings.ReplaceAll(sheet, "2025年", "2023年"), "2024年", "2022年")})
	if len(l.Records.Costs) != 1 || len(l.Rejects) != 1 || l.Rejects[0].Row != 4 || !strings.Contains(l.Rejects[0].Reason, "sum") {
		t.Errorf("a total of 900 beside 600 + 200 passed: %+v", l.Rejects)
	}
}

// Crops as columns, the year in the title, yields in jin: 1000 jin are 500 kg.
func TestOfficialSurveyByCrop(t *testing.T) {
	l := read(t, map[string]string{"costs": "2022年主要农产品成本收益,,,\n指标名称,计量单位,中稻,小麦\n主产品产量,斤,1000,900\n总成本,元,1100,870\n物质与服务费用,元,560,430\n雇工费用,元,60,20\n平均出售价格,元,136,118\n"})
	c := l.Records.Costs
	if len(c) != 2 || c[0].Crop != "rice" || c[0].Year != 2022 || c[0].YieldKgPerMu != 5000 || c[1].Crop != "winter_wheat" || c[1].HiredLabour != 20_00 || !c[1].Split {
		t.Errorf("%+v %+v", c, l.Rejects)
	}
}
