package raster

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
)

// palette is the colours of an indexed picture; entry 0 is transparent.
type palette []RGB

// pngWriter packs pictures as PNG (ISO/IEC 15948) with the few choices that
// suit tiles: 8 bit, a row of colours as its difference from the left or from
// above, a row of a palette as it is, packed at the fastest level. That takes
// about half the time of image/png, which tries five filters on every row.
type pngWriter struct {
	out bytes.Buffer
	zip *zlib.Writer
	// Rows: the one being written, the one above, and the first as written.
	line, above, packed []byte
}

// The colour types of a PNG.
const (
	pngRGB     = 2
	pngPalette = 3
	pngRGBA    = 6
)

// encode is the canvas as a PNG file, with transparency only where it is needed.
func (c *canvas) encode(p palette) []byte {
	w := &c.png
	w.out.Reset()
	w.out.WriteString("\x89PNG\r\n\x1a\n")
	kind := uint8(pngRGB)
	switch {
	case len(c.indexed) > 0:
		kind = pngPalette
	case c.left > 0:
		kind = pngRGBA
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(c.f.Width))
	head = binary.BigEndian.AppendUint32(head, uint32(c.f.Height))
	w.chunk("IHDR", func() { w.out.Write(append(head, 8, kind, 0, 0, 0)) })
	if kind == pngPalette {
		w.chunk("PLTE", func() {
			for _, rgb := range p {
				w.out.Write(rgb[:])
			}
		})
		w.chunk("tRNS", func() { w.out.WriteByte(0) })
	}
	w.chunk("IDAT", func() { w.pixels(c, kind) })
	w.chunk("IEND", func() {})
	return bytes.Clone(w.out.Bytes())
}

// chunk writes what body writes with its length and checksum around it.
func (w *pngWriter) chunk(name string, body func()) {
	start := w.out.Len()
	w.out.WriteString("long" + name) // the length's place
	body()
	b := w.out.Bytes()[start:]
	binary.BigEndian.PutUint32(b, uint32(len(b)-8))
	sum := crc32.ChecksumIEEE(b[4:])
	w.out.Write(binary.BigEndian.AppendUint32(nil, sum))
}

// The filters of a row of a PNG: what is taken from each value.
const (
	filterNone = 0
	filterSub  = 1 // the pixel to the left
	filterUp   = 2 // the pixel above
)

// pixels writes the rows, packed. Writing to memory cannot fail.
func (w *pngWriter) pixels(c *canvas, kind uint8) {
	if w.zip == nil {
		w.zip, _ = zlib.NewWriterLevel(&w.out, zlib.BestSpeed)
	} else {
		w.zip.Reset(&w.out)
	}
	width, n := c.f.Width, 4
	if kind == pngRGB {
		n = 3
	}
	w.line, w.above = room(w.line, 4*width), room(w.above, 4*width)
	clear(w.above)
	for row := range c.f.Height {
		if kind == pngPalette {
			w.zip.Write([]byte{filterNone})
			w.zip.Write(c.indexed[row*width : (row+1)*width])
			continue
		}
		w.line = w.line[:n*width]
		this := c.rgba[4*row*width:][:4*width]
		if n == 4 {
			copy(w.line, this)
		} else {
			for i := range width {
				p, o := this[4*i:4*i+3], w.line[3*i:3*i+3]
				o[0], o[1], o[2] = p[0], p[1], p[2]
			}
		}
		w.row(n)
	}
	w.zip.Close()
}

// row writes w.line, n bytes a pixel, as its difference from the left or from
// above, whichever is smaller over a sample of its bytes.
func (w *pngWriter) row(n int) {
	line, above := w.line, w.above[:len(w.line)]
	left, up := 0, 0
	for i := n; i < len(line); i += 5 { // 5 goes through all of 3 and 4 channels
		left += abs8(line[i] - line[i-n])
		up += abs8(line[i] - above[i])
	}
	w.packed = room(w.packed, 1+len(line))
	out := w.packed[1:]
	if left < up {
		w.packed[0] = filterSub
		copy(out, line[:n])
		for i, v := range line[n:] {
			out[n+i] = v - line[i]
		}
	} else {
		w.packed[0] = filterUp
		for i, v := range line {
			out[i] = v - above[i]
		}
	}
	w.zip.Write(w.packed)
	w.line, w.above = w.above, w.line
}

func abs8(v uint8) int {
	d := int(int8(v))
	return max(d, -d)
}
