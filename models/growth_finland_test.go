package models_test

import (
	"math"
	"testing"

	"github.com/parus-lending/parus/models"
)

// Pixels of fields in Finland, Sentinel-2 L2A of 2019, with LAI and FAPAR
// computed by an independent port of SNAP's biophysical processor and kept in
// the example files of satellitetools (MIT, github.com/ollinevalainen/
// satellitetools, commit 9588df7 and before). Drawn at even ranks of LAI by
// tools/check_lai_finland.py --rows; inputs have five digits.
var finland = []struct {
	in         models.GrowthInput
	lai, fapar float64
}{
	{models.GrowthInput{0.2426, 0.1928, 0.1774, 0.1727, 0.1512, 0.1309, 0.0274, 0.0297, 0.99776, 0.16305, 0.6495}, 0, 0},              // 5up, date 1
	{models.GrowthInput{0.0401, 0.0623, 0.079, 0.0934, 0.114, 0.1482, 0.28, 0.2493, 0.99433, 0.75424, -0.42668}, 0.0027523, 0.054229}, // Block_2, date 15
	{models.GrowthInput{0.0357, 0.056, 0.0676, 0.0811, 0.1034, 0.1357, 0.2085, 0.1475, 0.99778, 0.74339, 0.63168}, 0.10146, 0.1005},   // Block_3, date 9
	{models.GrowthInput{0.0282, 0.0385, 0.0555, 0.0725, 0.0919, 0.1242, 0.1827, 0.1177, 0.99778, 0.74339, 0.63168}, 0.23632, 0.14911}, // Block_1, date 9
	{models.GrowthInput{0.1021, 0.116, 0.1818, 0.2386, 0.2679, 0.3195, 0.3348, 0.2165, 0.9943, 0.75264, -0.43889}, 0.46955, 0.26547},  // 5up, date 23
	{models.GrowthInput{0.0544, 0.0516, 0.0959, 0.1671, 0.1957, 0.2309, 0.2697, 0.2014, 0.9943, 0.75264, -0.43889}, 0.66151, 0.32768}, // Block_2, date 18
	{models.GrowthInput{0.0591, 0.0518, 0.0964, 0.2021, 0.24, 0.2752, 0.2376, 0.1558, 0.98522, 0.74615, 0.52814}, 1.0353, 0.45888},    // Block_3, date 19
	{models.GrowthInput{0.0674, 0.048, 0.0775, 0.2087, 0.2717, 0.2811, 0.0909, 0.0535, 0.98521, 0.66809, 0.51641}, 2.2389, 0.7236},    // Block_2, date 29
	{models.GrowthInput{0.0586, 0.0291, 0.0935, 0.3272, 0.4424, 0.4767, 0.1539, 0.0723, 0.99782, 0.57152, 0.62178}, 4.2576, 0.91418},  // Block_3, date 31
	{models.GrowthInput{0.0484, 0.0251, 0.0838, 0.3613, 0.4986, 0.5273, 0.1482, 0.0682, 0.98521, 0.58418, 0.48731}, 5.4036, 0.94},     // Block_2, date 31
	{models.GrowthInput{0.0632, 0.025, 0.0981, 0.4175, 0.5953, 0.6187, 0.2121, 0.0976, 0.99777, 0.75198, 0.64269}, 6.2282, 0.94},      // 5up, date 19
	{models.GrowthInput{0.0872, 0.0485, 0.1204, 0.4699, 0.6506, 0.6857, 0.1961, 0.0882, 0.98521, 0.66809, 0.51641}, 8, 0.94},          // Block_2, date 29
}

// The port's values lie lower by exactly the smallest output of the training
// data (0.000319 for LAI, 0.000153 for FAPAR), which the published formula adds
// when it denormalises: docs/evaluation/growth.md. Hence 1e-3.
func TestGrowthAgainstSNAPInFinland(t *testing.T) {
	lai, fapar := growthNet(t, "lai"), growthNet(t, "fapar")
	for i, c := range finland {
		for _, v := range []struct {
			net       *models.GrowthNet
			want, tol float64
		}{{lai, c.lai, 1e-3}, {fapar, c.fapar, 1e-3}} {
			got, flag := evalOne(t, v.net, c.in)
			if !(math.Abs(got-v.want) <= v.tol) {
				t.Errorf("row %d, %s: %v, SNAP's port %v", i+1, v.net.Card().Name, got, v.want)
			}
			atEnd := got == 0 || got == 8 || got == float64(float32(0.94))
			if atEnd != (flag&models.OutputClamped != 0) {
				t.Errorf("row %d, %s: %v has flags %b", i+1, v.net.Card().Name, got, flag)
			}
		}
	}
}
