// Package web holds the officer's map as it is served: the files that Vite
// builds into dist/app (`make build`), or a page that says how to build them.
// It knows nothing of what the map shows.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files are the map's files with index.html among them; built is false where the
// program was built without the map: then index.html is all there is.
func Files() (files map[string][]byte, built bool, err error) {
	files = map[string][]byte{}
	if app, err := fs.Sub(dist, "dist/app"); err == nil {
		err = fs.WalkDir(app, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			files[path], err = fs.ReadFile(app, path)
			return err
		})
		if _, there := files["index.html"]; err == nil && there {
			return files, true, nil
		}
	}
	page, err := dist.ReadFile("dist/placeholder.html")
	return map[string][]byte{"index.html": page}, false, err
}
