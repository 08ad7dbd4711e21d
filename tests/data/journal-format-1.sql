-- The tables of a journal as format 1 made them.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE facts (
  seq INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL,
  tag TEXT NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TRIGGER facts_continue BEFORE INSERT ON facts
WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM facts)
BEGIN SELECT RAISE(ABORT, 'seq does not continue'); END;
CREATE TRIGGER facts_go_forward BEFORE INSERT ON facts
WHEN NEW.recorded_at < (SELECT recorded_at FROM facts ORDER BY seq DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'recorded_at decreases'); END;
CREATE TRIGGER facts_stay BEFORE UPDATE ON facts
BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
CREATE TABLE documents (
  kind TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id)
);
CREATE TABLE checkpoints (name TEXT PRIMARY KEY, seq INTEGER NOT NULL, body BLOB NOT NULL);
CREATE VIEW writes AS
SELECT NULL AS what, NULL AS key, NULL AS name, NULL AS at, NULL AS number, NULL AS body;
CREATE TRIGGER write_fact INSTEAD OF INSERT ON writes WHEN NEW.what = 'fact'
BEGIN INSERT INTO facts VALUES (NEW.key, NEW.at, NEW.name, NEW.number, NEW.body); END;
CREATE TRIGGER write_document INSTEAD OF INSERT ON writes
WHEN NEW.what = 'document' AND NEW.body IS NOT NULL
BEGIN
  INSERT INTO documents VALUES (NEW.key, NEW.name, NEW.body)
  ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body;
END;
CREATE TRIGGER erase_document INSTEAD OF INSERT ON writes
WHEN NEW.what = 'document' AND NEW.body IS NULL
BEGIN DELETE FROM documents WHERE kind = NEW.key AND id = NEW.name; END;
CREATE TRIGGER write_checkpoint INSTEAD OF INSERT ON writes WHEN NEW.what = 'checkpoint'
BEGIN
  INSERT INTO checkpoints VALUES (NEW.name, NEW.number, NEW.body)
  ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, body = excluded.body;
END;

CREATE TRIGGER facts_remain BEFORE DELETE ON facts
BEGIN SELECT RAISE(ABORT, 'a fact is never removed'); END;
INSERT INTO meta VALUES ('partition', 'solvik');
INSERT INTO meta VALUES ('format', '1');
