package models

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
)

//go:embed yield.csv
var yieldCSV string

// Coefficients of light-use efficiency of one crop.
type Coefficients struct {
	RUE          float64 // g dry matter per MJ
	PAR          bool    // RUE is on photosynthetically active radiation, 0.48 of global
	HarvestIndex float64
	TBaseC       float64
	TOptC        float64
	Moisture     float64 // share of water at which the crop is traded
	ModelCV      float64 // relative spread of the uncalibrated estimate: wide where the table is known to fit badly (fruit, hay)
	Source       string
}

// CoefficientTable is by crop.
type CoefficientTable map[string]Coefficients

// YieldCoefficients is the table that comes with Parus, each row with its
// source.
func YieldCoefficients() (CoefficientTable, error) {
	rows, err := csv.NewReader(strings.NewReader(yieldCSV)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("yield.csv: %w", err)
	}
	t := CoefficientTable{}
	for i, r := range rows[1:] {
		var v [6]float64
		for k, col := range []int{1, 3, 4, 5, 6, 7} {
			if v[k], err = strconv.ParseFloat(r[col], 64); err != nil {
				return nil, fmt.Errorf("yield.csv line %d, %s: %w", i+2, rows[0][col], err)
			}
		}
		t[r[0]] = Coefficients{RUE: v[0], PAR: r[2] == "par", HarvestIndex: v[1], TBaseC: v[2], TOptC: v[3], Moisture: v[4], ModelCV: v[5], Source: r[8]}
	}
	return t, nil
}
