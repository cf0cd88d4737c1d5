package ort_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/parus-lending/parus/models"
)

// Goroutines that run one session at once get what each gets alone.
func TestOneSessionRunsConcurrently(t *testing.T) {
	r, err := models.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	s, card, err := r.Load("crop-small", library(t))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, ok := s.(models.ConcurrentSession); !ok {
		t.Fatal("the session does not say that it runs concurrently")
	}
	const rows = 300 // more than a batch
	size := models.Size(card.InputShape)
	dice := rand.New(rand.NewPCG(1, 2))
	var in, want [4][]float32
	for k := range in {
		for range rows * size {
			in[k] = append(in[k], dice.Float32())
		}
		if want[k], err = s.Run(context.Background(), in[k], rows); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for k := range in {
		wg.Go(func() {
			for range 5 {
				if got, err := s.Run(context.Background(), in[k], rows); err != nil || !slices.Equal(got, want[k]) {
					t.Errorf("rows %d: %v, or other numbers than alone", k, err)
				}
			}
		})
	}
	wg.Wait()
}
