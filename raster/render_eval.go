package raster

import "math"

// compile appends the steps of a term, whose value ends up at height of the
// stack.
func (f *Formula) compile(t *term, height int) {
	for k, a := range t.args {
		f.compile(a, height+k)
	}
	f.code = append(f.code, step{t.op, float32(t.number), t.band})
	f.depth = max(f.depth, height+1)
}

// evalChunk is how many pixels are computed at a time: few enough to stay in
// the processor's first cache.
const evalChunk = 512

// Eval computes the formula for each pixel. bands[k] is the reflectance of
// f.Bands[k] and as long as out. out is NaN where the result is not finite, as
// after a division by zero. Every operation is rounded to 32 bits, so all
// machines agree.
func (f *Formula) Eval(bands [][]float32, out []float32) {
	room := make([]float32, f.depth*evalChunk)
	stack := make([][]float32, f.depth)
	for from := 0; from < len(out); from += evalChunk {
		to := min(from+evalChunk, len(out))
		n := 0
		for _, s := range f.code {
			switch s.op {
			case 'b':
				stack[n] = bands[s.band][from:to]
				n++
				continue
			case 'n':
				stack[n] = room[n*evalChunk:][:to-from]
				for i := range stack[n] {
					stack[n][i] = s.number
				}
				n++
				continue
			case '~', 'a', 's':
				n--
			default:
				n -= 2
			}
			dst := room[n*evalChunk:][:to-from]
			if a := stack[n]; s.op == '~' || s.op == 'a' || s.op == 's' {
				one(s.op, a, dst)
			} else {
				two(s.op, a, stack[n+1], dst)
			}
			stack[n] = dst
			n++
		}
		for i, v := range stack[0] {
			if v-v != 0 {
				v = float32(math.NaN())
			}
			out[from+i] = v
		}
	}
}

func one(op byte, a, dst []float32) {
	for i, v := range a {
		switch op {
		case '~':
			dst[i] = -v
		case 'a':
			dst[i] = float32(math.Abs(float64(v)))
		case 's':
			dst[i] = float32(math.Sqrt(float64(v)))
		}
	}
}

func two(op byte, a, b, dst []float32) {
	b, dst = b[:len(a)], dst[:len(a)]
	switch op {
	case '+':
		for i, v := range a {
			dst[i] = v + b[i]
		}
	case '-':
		for i, v := range a {
			dst[i] = v - b[i]
		}
	case '*':
		for i, v := range a {
			dst[i] = v * b[i]
		}
	case '/':
		for i, v := range a {
			dst[i] = v / b[i]
		}
	case 'm':
		for i, v := range a {
			dst[i] = min(v, b[i])
		}
	case 'x':
		for i, v := range a {
			dst[i] = max(v, b[i])
		}
	}
}
