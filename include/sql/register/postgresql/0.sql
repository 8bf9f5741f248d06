-- The register, on PostgreSQL: who may write. The other scripts are run under this lease.
--
-- ecampus makes these tables itself where it may:
--   GRANT CREATE ON SCHEMA public TO ecampus;
-- else the database's administrator runs the scripts of this folder in the order of their numbers, then:
--   GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ecampus;
-- Moodle's account reads enrolments and nothing else: it needs no right on ecampus_*.
--
-- Each statement may be run again: a script that was interrupted is run again whole.
-- The scripts that were run.
CREATE TABLE IF NOT EXISTS ecampus_schema(
    version BIGINT NOT NULL,
    PRIMARY KEY(version)
);
-- One row: who may write, under which number, since when and until when (milliseconds since 1970, UTC).
CREATE TABLE IF NOT EXISTS ecampus_lease(
    id BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    holder VARCHAR(255) COLLATE "C",
    taken BIGINT,
    expires BIGINT,
    beats BIGINT NOT NULL,
    PRIMARY KEY(id)
);
INSERT INTO ecampus_lease(id, fence, beats)
SELECT 1, 0, 0
 WHERE NOT EXISTS (SELECT 1 FROM ecampus_lease);
