package raster

import "context"

// ManyReader is a Reader that reads a window of several assets in less time
// than one after the other.
type ManyReader interface {
	// ReadMany is Read of the window of each asset into its own dst. The pixels
	// and the errors, one for each asset, are those of Read.
	ReadMany(ctx context.Context, assets []Asset, w Window, dst [][]uint16) []error
}

func readMany(ctx context.Context, r Reader, assets []Asset, w Window, dst [][]uint16) []error {
	if m, ok := r.(ManyReader); ok && len(assets) > 1 {
		return m.ReadMany(ctx, assets, w, dst)
	}
	errs := make([]error, len(assets))
	for i, a := range assets {
		if errs[i] = r.Read(ctx, a, w, dst[i]); ctx.Err() != nil {
			errs[i] = ctx.Err()
			break
		}
	}
	return errs
}
