package models

import "math"

// Scores say how good a classifier was on rows whose class is known.
type Scores struct {
	Rows        int
	OA          float64 // overall accuracy: share of rows named rightly
	MacroF1     float64 // mean F1 of the classes that occur
	ECE         float64 // expected calibration error, 15 bins
	Classes     []ClassScore
	Confusion   [][]int // [truth][said], both in the order of the classes
	Reliability []Bin
}

// ClassScore is one class: of Support rows of it and Said rows named so.
type ClassScore struct {
	Class                 string
	Support, Said, Right  int
	Precision, Recall, F1 float64 // 0 where undefined
}

// Bin is the rows whose highest probability lies in [Low, High).
type Bin struct {
	Low, High  float64
	Rows       int
	Confidence float64 // mean highest probability
	Accuracy   float64
}

// reliabilityBins are equal in width, as in Guo et al. 2017 (On calibration of
// modern neural networks), from whom the ECE is.
const reliabilityBins = 15

// Score compares probabilities (rows × classes) with the truth (index of the
// class). A row's answer is its most probable class, the first of equals; the
// probability of the answer need not be the highest where answers were cut.
func Score(classes []string, truth []int, p [][]float64) Scores {
	s := Scores{Rows: len(truth), Confusion: make([][]int, len(classes))}
	for k := range s.Confusion {
		s.Confusion[k] = make([]int, len(classes))
	}
	top, right := Tops(truth, p)
	hits := 0
	for i, t := range truth {
		s.Confusion[t][argmax(p[i])]++
		if right[i] {
			hits++
		}
	}
	s.OA = float64(hits) / float64(len(truth))
	s.Reliability = Reliability(top, right)
	s.ECE = ECE(s.Reliability)
	s.Classes, s.MacroF1 = classScores(classes, s.Confusion)
	return s
}

func classScores(classes []string, confusion [][]int) (out []ClassScore, macro float64) {
	occur := 0
	for k, name := range classes {
		c := ClassScore{Class: name, Right: confusion[k][k]}
		for j := range classes {
			c.Support += confusion[k][j]
			c.Said += confusion[j][k]
		}
		c.Precision, c.Recall, c.F1 = ratio(c.Right, c.Said), ratio(c.Right, c.Support), ratio(2*c.Right, c.Support+c.Said)
		if c.Support > 0 {
			occur++
			macro += c.F1
		}
		out = append(out, c)
	}
	if occur == 0 {
		return out, math.NaN()
	}
	return out, macro / float64(occur)
}

// Tops are the highest probability of each row, and whether it names the truth.
func Tops(truth []int, p [][]float64) (top []float64, right []bool) {
	top, right = make([]float64, len(p)), make([]bool, len(p))
	for i := range p {
		k := argmax(p[i])
		top[i], right[i] = p[i][k], k == truth[i]
	}
	return top, right
}

// Reliability sorts rows into bins of equal width by their highest probability.
func Reliability(top []float64, right []bool) []Bin {
	out := make([]Bin, reliabilityBins)
	for b := range out {
		out[b].Low, out[b].High = float64(b)/reliabilityBins, float64(b+1)/reliabilityBins
	}
	for i, t := range top {
		b := &out[max(0, min(int(t*reliabilityBins), reliabilityBins-1))]
		b.Rows++
		b.Confidence += t
		if right[i] {
			b.Accuracy++
		}
	}
	for b := range out {
		if n := float64(out[b].Rows); n > 0 {
			out[b].Confidence, out[b].Accuracy = out[b].Confidence/n, out[b].Accuracy/n
		}
	}
	return out
}

// ECE is the mean gap of confidence and accuracy over the bins, by their rows.
func ECE(bins []Bin) float64 {
	var sum, n float64
	for _, b := range bins {
		sum += float64(b.Rows) * math.Abs(b.Confidence-b.Accuracy)
		n += float64(b.Rows)
	}
	return sum / n
}

// ratio is a/b, 0 where b is 0.
func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func argmax(v []float64) int {
	best := 0
	for k := range v {
		if v[k] > v[best] {
			best = k
		}
	}
	return best
}
