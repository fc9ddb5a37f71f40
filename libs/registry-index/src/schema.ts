/** Raised when the tables change: an index of another version is made anew. */
export const schemaVersion = 1;

/** Every table has the key of the object that a row was read from; nothing here is known from elsewhere. */
export const schema = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE runs (key TEXT PRIMARY KEY, name TEXT NOT NULL, dataset_digest TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE checkpoints (
  key TEXT PRIMARY KEY, run TEXT NOT NULL, step INTEGER NOT NULL, digest TEXT NOT NULL, guidance_role TEXT NOT NULL,
  loss REAL, samples_seen INTEGER NOT NULL, bytes INTEGER NOT NULL, metrics TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE versions (key TEXT PRIMARY KEY, model TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE moves (key TEXT PRIMARY KEY, model TEXT NOT NULL, alias TEXT NOT NULL, generation INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE damaged (key TEXT PRIMARY KEY, problem TEXT NOT NULL) WITHOUT ROWID;
PRAGMA user_version = ${schemaVersion};
`;

/** The tables whose rows are documents of the store. */
export const documentTables = ['runs', 'checkpoints', 'versions', 'moves'] as const;
