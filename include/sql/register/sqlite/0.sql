-- The register, on SQLite: who may write. The other scripts are run under this lease.
--
-- One machine and no network disk. ecampus makes these tables itself: file and folder must be its own to write in.
--
-- Each statement may be run again: a script that was interrupted is run again whole.
-- The scripts that were run.
CREATE TABLE IF NOT EXISTS ecampus_schema(
    version INTEGER NOT NULL,
    PRIMARY KEY(version)
);
-- One row: who may write, under which number, since when and until when (milliseconds since 1970, UTC).
CREATE TABLE IF NOT EXISTS ecampus_lease(
    id INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    holder VARCHAR(255),
    taken INTEGER,
    expires INTEGER,
    beats INTEGER NOT NULL,
    PRIMARY KEY(id)
);
INSERT INTO ecampus_lease(id, fence, beats)
SELECT 1, 0, 0
 WHERE NOT EXISTS (SELECT 1 FROM ecampus_lease);
