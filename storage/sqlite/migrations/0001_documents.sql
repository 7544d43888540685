-- Workspaces and kinds are numbered once, so that no index repeats their names.
CREATE TABLE workspace (
  n    INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- A shelf is one kind of document in one workspace.
CREATE TABLE shelf (
  n         INTEGER PRIMARY KEY,
  workspace INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  named     INTEGER NOT NULL, -- 1: sort keys are names, and gram finds parts of them
  UNIQUE (workspace, kind)
) STRICT;

-- The newest revision of each document, tombstones too. n is shelf << 40 plus a running number, so that a
-- range of n is a shelf. All texts are compared as bytes.
CREATE TABLE doc (
  shelf    INTEGER NOT NULL,
  id       TEXT NOT NULL COLLATE BINARY,
  n        INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  deleted  INTEGER NOT NULL,
  seq      INTEGER NOT NULL, -- of the revision
  sort     TEXT NOT NULL COLLATE BINARY,
  PRIMARY KEY (shelf, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX doc_n ON doc (n, deleted, sort); -- what a search compares stands in it
CREATE INDEX doc_sort ON doc (shelf, sort, id) WHERE deleted = 0;

-- Every revision, for ever. seq is the place in the feed: rows are written inside the one write transaction
-- that there is at a time, and none is ever removed, so numbers rise in the order of commits.
-- The value comes last: who wants the rest does not read it.
CREATE TABLE revision (
  seq       INTEGER PRIMARY KEY,
  workspace INTEGER NOT NULL,
  doc       INTEGER NOT NULL,
  id        TEXT NOT NULL,
  revision  INTEGER NOT NULL,
  deleted   INTEGER NOT NULL,
  at        INTEGER NOT NULL, -- microseconds since 1970, UTC
  author    TEXT NOT NULL,
  note      TEXT NOT NULL,
  sort      TEXT NOT NULL,
  uniques   BLOB NOT NULL,    -- strings, each with a zero byte behind it
  terms     BLOB NOT NULL,    -- as uniques
  head      INTEGER NOT NULL, -- CRC-32C of the columns above
  body      INTEGER NOT NULL, -- CRC-32C of the value; an erased value is empty and has 0
  value     BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX revision_doc ON revision (doc, revision);
CREATE INDEX revision_feed ON revision (workspace);

-- What finds a document by its terms, in the order of lists.
CREATE TABLE term (
  shelf INTEGER NOT NULL,
  term  TEXT NOT NULL COLLATE BINARY,
  sort  TEXT NOT NULL COLLATE BINARY,
  id    TEXT NOT NULL COLLATE BINARY,
  PRIMARY KEY (shelf, term, sort, id)
) STRICT, WITHOUT ROWID;

-- Strings that one document of a shelf holds.
CREATE TABLE holder (
  shelf INTEGER NOT NULL,
  name  TEXT NOT NULL COLLATE BINARY,
  id    TEXT NOT NULL,
  PRIMARY KEY (shelf, name)
) STRICT, WITHOUT ROWID;

-- Parts of names: all sequences of three characters, by doc.n. It keeps no text and no places; what it finds
-- is compared with the sort key.
CREATE VIRTUAL TABLE gram USING fts5(
  name, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
);
CREATE VIRTUAL TABLE gram_use USING fts5vocab(gram, instance);
