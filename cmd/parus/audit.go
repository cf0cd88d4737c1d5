package main

import (
	"context"
	"fmt"
	"time"

	"github.com/parus-lending/parus/data/store"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Follow the whole audit log: an entry changed, taken out, put in or cut off the end is found and named."`
	Close  auditCloseCmd  `cmd:"" help:"Write the end of the audit log into a file outside the database, as at each day's close."`
}

type auditDatabase struct {
	Database string `env:"DATABASE_URL" placeholder:"URL" help:"Address of the service's database, as the role that owns it ($DATABASE_URL)."`
	Heads    string `type:"path" placeholder:"FILE" help:"File of the days' ends, kept apart from the database."`
}

func (c auditDatabase) open(ctx context.Context) (*store.Store, error) {
	if c.Database == "" {
		return nil, fmt.Errorf("%w: say where the database is: --database postgres://user@host/name, or $DATABASE_URL", errUsage)
	}
	return store.Open(ctx, c.Database)
}

type auditVerifyCmd struct{ auditDatabase }

func (c *auditVerifyCmd) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	var heads []store.Head
	if c.Heads != "" {
		if heads, _, err = store.ReadHeads(c.Heads); err != nil {
			return err
		}
		if len(heads) == 0 {
			return fmt.Errorf("%s holds no day's end: without one, entries cut off the end cannot be missed; write it with `parus audit close --heads %s`", c.Heads, c.Heads)
		}
	}
	end, err := s.VerifyAudit(ctx, heads)
	if err != nil {
		return err
	}
	fmt.Printf("The audit log is whole: %d entries, the last hash is %s.\n", end.Seq, end.Hash)
	if c.Heads == "" {
		fmt.Println("Entries cut off the end together with the chain's head would not be missed: give --heads FILE.")
	} else {
		fmt.Printf("It holds all %d days' ends of %s.\n", len(heads), c.Heads)
	}
	return nil
}

type auditCloseCmd struct{ auditDatabase }

func (c *auditCloseCmd) Run(ctx context.Context) error {
	if c.Heads == "" {
		return fmt.Errorf("%w: --heads FILE says where the day's end is written, outside the database", errUsage)
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	h, err := s.CloseAudit(ctx, c.Heads, time.Now())
	if err != nil {
		return err
	}
	fmt.Printf("Entry %d is the end of the day, in %s.\n", h.Seq, c.Heads)
	return nil
}
