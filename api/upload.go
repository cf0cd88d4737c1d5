package api

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

// uploads of a store's folder holds what is being received: each file in a folder
// of its own, which goes when its import ends.
const uploads = "uploads"

// leftOver is how old an upload must be to be nobody's: a program that was killed
// left it behind.
const leftOver = time.Hour

// upload is a file that was received.
type upload struct {
	path   string
	size   int64
	sha256 string
}

// receive streams the part `file` of a multipart body into a private folder.
func receive(r *http.Request, storeFolder string) (up *upload, err error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fmt.Errorf("%w: the body is no multipart/form-data: %w", errQuestion, err)
	}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil, fmt.Errorf("%w: the body has no part `file`", errQuestion)
		}
		if err != nil {
			return nil, badBody(err)
		}
		if part.FormName() == "file" {
			return keepUpload(part, part.FileName(), storeFolder)
		}
	}
}

// badBody tells a body that ended early or was too long from one that is none.
func badBody(err error) error {
	var tooLong *http.MaxBytesError
	if errors.As(err, &tooLong) {
		return err
	}
	return fmt.Errorf("%w: the body ends before its end: %w", errQuestion, err)
}

func keepUpload(from io.Reader, name, storeFolder string) (up *upload, err error) {
	root := filepath.Join(storeFolder, uploads)
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("keep an upload: %w", err)
	}
	sweepUploads(root)
	folder, err := os.MkdirTemp(root, "in-")
	if err != nil {
		return nil, fmt.Errorf("keep an upload: %w", err)
	}
	defer func() {
		if err != nil {
			os.RemoveAll(folder)
		}
	}()
	up = &upload{path: filepath.Join(folder, safeName(name))}
	f, err := os.OpenFile(up.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("keep an upload: %w", err)
	}
	defer f.Close()
	sum := sha256.New()
	source := &counted{from: from}
	if up.size, err = io.Copy(io.MultiWriter(f, sum), source); err != nil {
		if source.err != nil {
			return nil, badBody(err)
		}
		return nil, fmt.Errorf("keep an upload: %w", err)
	}
	up.sha256 = hex.EncodeToString(sum.Sum(nil))
	return up, f.Close()
}

// counted tells who failed: the sender or the disk.
type counted struct {
	from io.Reader
	err  error
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.from.Read(b)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

func (u *upload) remove() { os.RemoveAll(filepath.Dir(u.path)) }

// bounded refuses a map that is too large to be read whole.
func (u *upload) bounded() error {
	if u.size <= mostMap {
		return nil
	}
	f, err := os.Open(u.path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	if text := strings.TrimLeft(strings.TrimPrefix(string(head[:n]), "\ufeff"), " \t\r\n"); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "<") {
		return fmt.Errorf("a GeoJSON or GPX file may have %d MB here: part it", mostMap>>20)
	}
	return nil
}

// safeName is a file's name without folders, of letters, digits and a few marks.
func safeName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-() ", r) {
			return r
		}
		return '_'
	}, strings.ToValidUTF8(name, "_"))
	name = strings.Trim(name, " .")
	for len(name) > 120 {
		_, size := lastRune(name)
		name = name[:len(name)-size]
	}
	if name == "" {
		return "file"
	}
	return name
}

func lastRune(s string) (r rune, size int) {
	for i, c := range s {
		r, size = c, len(s)-i
	}
	return r, size
}

// sweepUploads takes away what a program that was killed left behind.
func sweepUploads(root string) {
	left, _ := os.ReadDir(root)
	for _, e := range left {
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > leftOver {
			os.RemoveAll(filepath.Join(root, e.Name()))
		}
	}
}

// keptRejects of a store's folder of rejects holds a copy for each import, which a
// later file of the same name does not replace.
const keptRejects = "kept"

// keepRejects gives a rejects file a second name; "" = there is none.
func keepRejects(storeFolder, path string) (name string, err error) {
	if path == "" {
		return "", nil
	}
	folder := filepath.Join(filepath.Dir(path), keptRejects)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("keep the rejects: %w", err)
	}
	name = rand.Text()
	if err := os.Link(path, filepath.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("keep the rejects: %w", err)
	}
	return name, nil
}
