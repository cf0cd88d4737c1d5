package api

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"testing"
)

// Whatever bytes come for a photo, the answer is that it is one or a question
// that does not fit.
func FuzzPhoto(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 17, 9)), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(b.Bytes()[:20])
	f.Add([]byte("GIF89a"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, photo []byte) {
		if err := aPhoto(photo); err != nil && !errors.Is(err, errQuestion) {
			t.Error(err)
		}
	})
	if err := aPhoto(b.Bytes()); err != nil {
		f.Error(err)
	}
}
