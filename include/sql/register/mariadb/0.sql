-- The register, on MariaDB: who may write. The other scripts are run under this lease.
--
-- utf8mb4_nopad_bin as in the enrolment table; on MySQL 8 ecampus puts utf8mb4_0900_bin, its name there.
-- ecampus makes these tables itself where it may:
--   GRANT CREATE, SELECT, INSERT, UPDATE, DELETE ON <base>.* TO ecampus;
-- else the database's administrator runs the scripts of this folder in the order of their numbers, then for each table:
--   GRANT SELECT, INSERT, UPDATE, DELETE ON ecampus_… TO ecampus;
-- Moodle's account reads enrolments and nothing else: it needs no right on ecampus_*.
--
-- Each statement may be run again: a script that was interrupted is run again whole.
-- The scripts that were run.
CREATE TABLE IF NOT EXISTS ecampus_schema(
    version BIGINT NOT NULL,
    PRIMARY KEY(version)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
-- One row: who may write, under which number, since when and until when (milliseconds since 1970, UTC).
CREATE TABLE IF NOT EXISTS ecampus_lease(
    id BIGINT NOT NULL,
    fence BIGINT NOT NULL,
    holder VARCHAR(255),
    taken BIGINT,
    expires BIGINT,
    beats BIGINT NOT NULL,
    PRIMARY KEY(id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
INSERT INTO ecampus_lease(id, fence, beats)
SELECT 1, 0, 0
 WHERE NOT EXISTS (SELECT 1 FROM ecampus_lease);
