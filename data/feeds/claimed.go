package feeds

import (
	"context"
	"fmt"

	"github.com/parus-lending/parus/parcels"
)

// Claims are all claims of a county with their polygons: those in its store, then
// those of its plain file (paths, by feed), if it has one; contractors are read
// where rows name people by code. Bad rows are left out.
func Claims(ctx context.Context, paths map[string]string, opt Options) (out []parcels.Claim, err error) {
	l := &loader{opt: opt, out: &Loaded{}, people: newPeople(), sources: map[string][]*source{}}
	for _, feed := range []string{"issuers", "contractors", "claims"} {
		lay, _ := LayoutOf(feed)
		if err := checkFeeds(map[string]string{feed: paths[feed]}, opt); err != nil {
			return nil, err
		}
		if err := l.open(ctx, lay, paths[feed]); err != nil {
			return nil, err
		}
	}
	if err = each(ctx, l, "issuers", issuer, &l.people.villages); err == nil {
		if err = l.readContractors(ctx); err == nil {
			err = each(ctx, l, "claims", claim, &out)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the county's claims: %w", err)
	}
	return out, nil
}

// ClaimFiles are the files that Claims reads.
func ClaimFiles(paths map[string]string, opt Options) (files []string) {
	for _, feed := range []string{"issuers", "contractors", "claims"} {
		if opt.Store != "" {
			files = append(files, storeFile(opt.Store, feed))
		}
		if paths[feed] != "" {
			files = append(files, paths[feed])
		}
	}
	return files
}
