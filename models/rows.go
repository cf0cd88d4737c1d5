package models

import "fmt"

// CheckRows refuses numbers that are not rows of the card's input shape, and
// rows that hold NaN or infinity: networks turn those into numbers without a
// sign. Every Session calls it before it runs.
func CheckRows(card *Card, in []float32, rows int) error {
	width := Size(card.InputShape)
	if rows < 0 || len(in) != rows*width {
		return fmt.Errorf("model %s: %d numbers are not %d rows of %d", card.Name, len(in), rows, width)
	}
	for i, v := range in {
		if v-v != 0 { // NaN or infinite
			return fmt.Errorf("model %s: number %d of row %d is %v; set such rows aside before", card.Name, i%width+1, i/width+1, v)
		}
	}
	return nil
}

// Size is the product of a card's shape.
func Size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
