package feeds

import (
	"maps"
	"testing"
)

// Names of places by hand, after NY/T 2537 and GB/T 10114: a code is county 6,
// town 3, village 3, group 2 digits; 00 and 00000 are the whole village and town.
func TestNamesOfPlaces(t *testing.T) {
	p := newPeople()
	p.villages = []village{
		{code: "34152310000000", name: "城关镇"},
		{code: "34152310020100", name: "小南村"}, {code: "34152310020101", name: "小南村民委员会第一组"},
		{code: "34152310020201", name: "双河村第一村民小组"}, {code: "34152310020202", name: "双河村第二村民小组"},
		{code: "34152310020303", name: "石桥村"},
		{code: "34152310020401", name: "东岗"}, {code: "34152310020402", name: "西岗"}, // nothing in common
		{code: "34152310020501"}, {code: "3415231002", name: "半码"}, {code: "3415231002x601", name: "错码"},
	}
	want := map[string]string{"341523100": "城关镇", "341523100201": "小南村", "341523100202": "双河村", "341523100203": "石桥村"}
	if got := p.named(); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
