package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/parus-lending/parus/data/feeds"
	"github.com/parus-lending/parus/data/identity"
	"github.com/parus-lending/parus/data/rundir"
	"github.com/parus-lending/parus/data/store"
)

type publishCmd struct {
	Dir      string `arg:"" name:"run" type:"existingdir" help:"Folder of a finished run."`
	Database string `env:"DATABASE_URL" placeholder:"URL" help:"Address of the service's database, as the role that owns it: postgres://user@host/name ($DATABASE_URL)."`
	Roster   string `type:"existingfile" help:"Contractors file: who the growers are, kept sealed. Needs --key and --seal."`
	Key      string `type:"existingfile" help:"Identity key of the run's county."`
	Seal     string `type:"existingfile" help:"Key that seals personal data: a file of 32 random bytes as hexadecimal digits, kept apart from the database."`
	Cipher   string `enum:"AES-256-GCM,SM4-GCM" default:"AES-256-GCM" help:"What seals them: ${enum}."`
}

func (c *publishCmd) Run(ctx context.Context) error {
	if c.Database == "" {
		return fmt.Errorf("%w: say where the database is: --database postgres://user@host/name, or $DATABASE_URL", errUsage)
	}
	if c.Roster != "" && (c.Key == "" || c.Seal == "") {
		return fmt.Errorf("%w: --roster needs --key, to know which grower a person is, and --seal, to keep names sealed", errUsage)
	}
	if err := store.Migrate(ctx, c.Database); err != nil {
		return err
	}
	s, err := store.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	defer s.Close()
	began := time.Now()
	p, err := s.Publish(ctx, c.Dir)
	if err != nil {
		return err
	}
	if p.Already {
		fmt.Printf("Run %d is already published: nothing was changed.\n", p.Run)
	} else {
		fmt.Printf("Published as run %d in %.1f s: %d parcels, %d plots, %d cycles, %d findings, %d decisions.\n", p.Run, time.Since(began).Seconds(),
			p.Rows["parcel"], p.Rows["series"], p.Rows["cycle"], p.Rows["finding"], p.Rows["decision"])
	}
	if c.Roster == "" {
		return nil
	}
	return c.people(ctx, s)
}

// people seals who the growers are.
func (c *publishCmd) people(ctx context.Context, s *store.Store) error {
	seal, err := store.LoadSealer(c.Seal, c.Cipher)
	if err != nil {
		return err
	}
	key, err := identity.LoadKey(c.Key)
	if err != nil {
		return err
	}
	roster, err := feeds.Roster(c.Roster, key)
	if err != nil {
		return err
	}
	info, err := rundir.ReadInfo(c.Dir)
	if err != nil {
		return err
	}
	var people []store.Person
	for id, p := range roster {
		people = append(people, store.Person{GrowerID: id, Name: p.Name, Number: p.Number, Phone: p.Phone})
	}
	slices.SortFunc(people, func(a, b store.Person) int { return strings.Compare(a.GrowerID, b.GrowerID) })
	if err := s.PutPeople(ctx, seal, info.County, people); err != nil {
		return err
	}
	fmt.Printf("Sealed %d people of %s (%s).\n", len(people), filepath.Base(c.Roster), c.Cipher)
	return nil
}
