package feeds

// tally counts distinct texts. With a place aside it holds no more in memory than
// may be held there.
type tally struct {
	in   *aside // nil = all stay in memory
	now  hashes
	rest *sorter // what was moved out of now, with repeats; nil = nothing
	err  error
}

func (t *tally) add(text string) {
	t.now.add(text)
	if t.in != nil && t.now.n >= max(2, t.in.most/16) {
		t.move()
	}
}

// move puts what is in memory aside.
func (t *tally) move() {
	if t.rest == nil {
		t.rest = &sorter{in: t.in}
	}
	for i, h := range t.now.keys {
		if h != 0 && t.err == nil {
			t.err = t.rest.add(mark{hash: h})
		}
		t.now.keys[i] = 0
	}
	t.now.n = 0
}

// each gives the hash of every text once.
func (t *tally) each(use func(uint64) error) error {
	if t.rest == nil {
		for _, h := range t.now.keys {
			if h != 0 {
				if err := use(h); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if t.move(); t.err != nil {
		return t.err
	}
	last := uint64(0)
	return t.rest.each(func(m mark) error {
		if m.hash == last {
			return nil
		}
		last = m.hash
		return use(m.hash)
	})
}

func (t *tally) count() (n int, err error) {
	err = t.each(func(uint64) error { n++; return nil })
	return n, err
}

// both counts the texts that two tallies share.
func (t *tally) both(o *tally) (n int, err error) {
	if t.rest == nil && o.rest == nil {
		for _, h := range t.now.keys {
			if h != 0 && o.now.n > 0 && o.now.keys[o.now.place(h)] == h {
				n++
			}
		}
		return n, nil
	}
	in := t.in
	if in == nil {
		in = o.in
	}
	all := &sorter{in: in}
	for i, from := range []*tally{t, o} {
		if err := from.each(func(h uint64) error { return all.add(mark{hash: h, kind: uint8(i)}) }); err != nil {
			return 0, err
		}
	}
	last := uint64(0)
	err = all.each(func(m mark) error {
		if m.hash == last {
			n++
		}
		last = m.hash
		return nil
	})
	return n, err
}
