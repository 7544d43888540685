package sqlite

import (
	"time"

	"github.com/ncruces/go-sqlite3"
)

const (
	// checkpointPages is how long the write-ahead log grows, in pages of 4 KiB, before its pages go to their places
	// in the file. Longer costs disk and start-up time after a crash, shorter costs waits of single saves.
	checkpointPages = 2_000
	// emptyTimes is how many times that it grows before it is emptied. Where somebody reads at every moment SQLite
	// never begins it anew by itself, and it would grow for ever.
	emptyTimes = 4
	// emptyPatience is how long a save then waits for the reads that are under way. Where that is too short it is
	// tried again when the log has grown on, and with more patience the longer it is.
	emptyPatience = 100 * time.Millisecond
)

// log is what the connection that writes knows of the write-ahead log. It counts pages.
type log struct {
	checkpoint int // how long it grows before its pages go to their places
	length     int // after the last commit
	emptyAt    int // how long it grows before it is emptied
}

// countLog counts the pages of the log from now on.
func (c *conn) countLog() {
	c.log = log{checkpoint: checkpointPages, emptyAt: emptyTimes * checkpointPages}
	c.db.WALHook(func(_ *sqlite3.Conn, _ string, pages int) error {
		c.log.length = pages
		return nil
	})
}

// erased asks for the log to be emptied after this commit: what it holds is to be nowhere.
func (c *conn) erased() { c.log.emptyAt = 0 }

// tidy takes the log into the file when it is long. What does not succeed now does later: the commit stands. During
// a read that takes long, which nobody waits for, it is not emptied.
func (c *conn) tidy(busyTimeout time.Duration, longRead bool) {
	l := &c.log
	if l.length >= l.emptyAt && !longRead {
		if c.empty(busyTimeout) {
			l.length, l.emptyAt = 0, emptyTimes*l.checkpoint
			return
		}
		l.emptyAt = l.length + l.checkpoint
	}
	if l.length >= l.checkpoint {
		_, _, _ = c.db.WALCheckpoint("main", sqlite3.CHECKPOINT_PASSIVE)
	}
}

// empty takes the whole log into the file and cuts it off.
func (c *conn) empty(busyTimeout time.Duration) bool {
	patience := emptyPatience * time.Duration(max(1, c.log.length/(emptyTimes*c.log.checkpoint)))
	if c.db.BusyTimeout(min(patience, busyTimeout)) != nil {
		return false
	}
	_, _, err := c.db.WALCheckpoint("main", sqlite3.CHECKPOINT_TRUNCATE)
	return c.db.BusyTimeout(busyTimeout) == nil && err == nil
}
