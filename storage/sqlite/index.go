package sqlite

// index puts the fresh entry of a document in the place of the old one, in everything that finds it. Only what
// changed is written: most saves change neither name nor terms.
func (p *put) index(sh shelf, id string, old, fresh entry) error {
	was, is := old.n != 0 && !old.deleted, !fresh.deleted
	if err := p.indexDoc(sh, id, old, fresh); err != nil {
		return err
	}
	if sh.named && (was != is || old.sort != fresh.sort) {
		if err := p.indexName(was, is, old, fresh); err != nil {
			return err
		}
	}
	if err := p.indexHolder(sh, id, old.uniques, fresh.uniques); err != nil {
		return err
	}
	return p.indexTerms(sh, id, old, fresh)
}

func (p *put) indexDoc(sh shelf, id string, old, fresh entry) error {
	if old.n == 0 {
		st := p.run(sqlAddDoc)
		st.int(sh.n)
		st.text(id)
		st.int(fresh.n)
		st.int(fresh.revision)
		st.int(flag(fresh.deleted))
		st.int(fresh.seq)
		st.text(fresh.sort)
		return st.exec()
	}
	st := p.run(sqlMoveDoc)
	st.int(fresh.revision)
	st.int(flag(fresh.deleted))
	st.int(fresh.seq)
	st.int(sh.n)
	st.text(id)
	if err := st.exec(); err != nil || old.sort == fresh.sort {
		return err
	}
	st = p.run(sqlSortDoc)
	st.text(fresh.sort)
	st.int(sh.n)
	st.text(id)
	return st.exec()
}

func (p *put) indexName(was, is bool, old, fresh entry) error {
	if was {
		st := p.run(sqlDelGram)
		st.int(old.n)
		st.text(old.sort + gramEnd)
		if err := st.exec(); err != nil {
			return err
		}
	}
	if !is {
		return nil
	}
	st := p.run(sqlAddGram)
	st.int(fresh.n)
	st.text(fresh.sort + gramEnd)
	return st.exec()
}

func (p *put) indexHolder(sh shelf, id string, old, fresh []string) error {
	gone, come := difference(old, fresh)
	for _, s := range gone {
		st := p.run(sqlDelHolder)
		st.int(sh.n)
		st.text(s)
		if err := st.exec(); err != nil {
			return err
		}
	}
	for _, s := range come {
		st := p.run(sqlAddHolder)
		st.int(sh.n)
		st.text(s)
		st.text(id)
		if err := st.exec(); err != nil {
			return err
		}
	}
	return nil
}

// indexTerms writes the terms that are other terms now; all of them, where the document moved in lists.
func (p *put) indexTerms(sh shelf, id string, old, fresh entry) error {
	gone, come := old.terms, fresh.terms
	if old.sort == fresh.sort {
		gone, come = difference(old.terms, fresh.terms)
	}
	for _, t := range gone {
		if err := p.term(sqlDelTerm, sh, t, old.sort, id); err != nil {
			return err
		}
	}
	for _, t := range come {
		if err := p.term(sqlAddTerm, sh, t, fresh.sort, id); err != nil {
			return err
		}
	}
	return nil
}

func (p *put) term(sql string, sh shelf, term, sort, id string) error {
	st := p.run(sql)
	st.int(sh.n)
	st.text(term)
	st.text(sort)
	st.text(id)
	return st.exec()
}

// difference returns what is in one of two sorted sets only.
func difference(old, fresh []string) (gone, come []string) {
	for len(old) > 0 && len(fresh) > 0 {
		switch {
		case old[0] == fresh[0]:
			old, fresh = old[1:], fresh[1:]
		case old[0] < fresh[0]:
			gone, old = append(gone, old[0]), old[1:]
		default:
			come, fresh = append(come, fresh[0]), fresh[1:]
		}
	}
	return append(gone, old...), append(come, fresh...)
}
