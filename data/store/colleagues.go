package store

import "context"

// Colleague is somebody who works in a county, by the ID under which what he did
// is kept.
type Colleague struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
}

// Colleagues are the members of a county of the asker's, by ID.
func (s *Store) Colleagues(ctx context.Context, a Asker, county string) ([]Colleague, error) {
	return all[Colleague](ctx, s, a, "SELECT id, name, role FROM parus.colleagues($1)", county)
}
