package scoring

import (
	"strings"
	"testing"
)

func TestEveryCheckIsWhole(t *testing.T) {
	for _, c := range Checks {
		for _, s := range []string{c.What, c.WhatZH, c.Why, c.RemedyEN, c.RemedyZH} {
			if s == "" {
				t.Errorf("%s lacks a text", c.Code)
			}
		}
		if c.Sees != "records" && c.Sees != "imagery" {
			t.Errorf("%s sees %q", c.Code, c.Sees)
		}
	}
}

func TestFindingCarriesNumbersAndWitnesses(t *testing.T) {
	ev := county()
	ev.Records.Contracts[1].AreaM2 = 13_320
	fs := CrossCheck(ev, defaults(t))
	if len(fs) != 1 {
		t.Fatal(found(fs))
	}
	f := fs[0]
	// 13 320 m² × 3/2000 = 19.98 mu; 12 000 m² = 18 mu; 1320/12000 = 11 %.
	want := map[string]string{"contract": "19.98 mu", "surveyed": "18.00 mu", "difference": "11.00 %"}
	for k, v := range want {
		if f.Numbers.Of(k) != v {
			t.Errorf("%s = %q, want %q", k, f.Numbers.Of(k), v)
		}
	}
	if strings.Join(f.Witnesses, " ") != "contracts.csv:3 registry:p2" || f.Severity != "warn" {
		t.Errorf("witnesses %v, severity %s", f.Witnesses, f.Severity)
	}
	if f.Detail != "The contract says 19.98 mu, the survey 18.00 mu: 11.00 % apart." || f.DetailZH != "合同面积19.98 亩，实测面积18.00 亩，相差11.00 %。" {
		t.Errorf("%s / %s", f.Detail, f.DetailZH)
	}
}
