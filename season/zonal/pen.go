package zonal

import "github.com/parus-lending/parus/data/rundir"

// pen writes the results of one scene while those of the next are made.
type pen struct {
	out  *rundir.ObservationWriter
	busy chan error // gives the error of the write under way; nil = none is
}

// write begins to write the rows once those before them are written. They are
// in use until wait.
func (p *pen) write(rows rundir.ObservationRows) error {
	if err := p.wait(); err != nil {
		return err
	}
	busy := make(chan error, 1)
	p.busy = busy
	go func() { busy <- p.out.Write(rows) }()
	return nil
}

// wait returns when nothing is being written.
func (p *pen) wait() error {
	if p.busy == nil {
		return nil
	}
	err := <-p.busy
	p.busy = nil
	return err
}
