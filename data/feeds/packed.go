package feeds

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"os"
)

// notPacked unpacks a zip file (a workbook is one) into nothing and refuses one
// that holds more than most bytes, whatever it says of itself; 0 = no bound.
func notPacked(ctx context.Context, path string, most int64) error {
	if most == 0 || !isZip(path) {
		return nil
	}
	z, err := zip.OpenReader(path)
	if err != nil {
		return noBook(err)
	}
	defer z.Close()
	left := most
	buf := make([]byte, 256<<10)
	for _, part := range z.File {
		in, err := part.Open()
		if err != nil {
			return noBook(err)
		}
		for err == nil && left >= 0 {
			if ctx.Err() != nil {
				in.Close()
				return ctx.Err()
			}
			var n int
			n, err = in.Read(buf)
			left -= int64(n)
		}
		in.Close()
		if left < 0 {
			return fmt.Errorf("it unpacks to more than %d MB: part it, or save it as CSV", most>>20)
		}
		if err != io.EOF {
			return noBook(err)
		}
	}
	return nil
}

func isZip(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [4]byte
	_, err = io.ReadFull(f, head[:])
	return err == nil && string(head[:]) == "PK\x03\x04"
}
