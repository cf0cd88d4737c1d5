package store

import (
	"context"
	"testing"
	"testing/fstest"
)

// MigrateWithout is for store_test: a layout as it was before a step came.
func MigrateWithout(t *testing.T, address, step string) {
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		t.Fatal(err)
	}
	steps := fstest.MapFS{}
	for _, f := range files {
		name := "migrations/" + f.Name()
		text, err := migrations.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		steps[name] = &fstest.MapFile{Data: text}
	}
	if steps["migrations/"+step] == nil {
		t.Fatalf("there is no step %s", step)
	}
	delete(steps, "migrations/"+step)
	if err := migrate(context.Background(), address, steps); err != nil {
		t.Fatal(err)
	}
}
