-- The register, on Oracle: who may write. The other scripts are run under this lease.
--
-- Written from Oracle's documentation, not run on a live one.
-- ecampus makes these tables itself where it may:
--   GRANT CREATE TABLE TO ecampus;
--   ALTER USER ecampus QUOTA UNLIMITED ON <tablespace>;
-- else the database's administrator runs the scripts of this folder in the order of their numbers, then for each table
-- (and a synonym in ecampus's schema):
--   GRANT SELECT, INSERT, UPDATE, DELETE ON ecampus_… TO ecampus;
-- Moodle's account reads enrolments and nothing else: it needs no right on ecampus_*.
-- A transaction that stays idle is cut by a profile only (no session can ask for it), else a process frozen in the
-- middle of one keeps the register:
--   CREATE PROFILE ecampus LIMIT IDLE_TIME 1;
--   ALTER USER ecampus PROFILE ecampus;
--
-- Each statement may be run again: a script that was interrupted is run again whole.
-- The scripts that were run.
CREATE TABLE ecampus_schema(
    version NUMBER(19) NOT NULL,
    CONSTRAINT ecampus_schema_key PRIMARY KEY(version)
);
-- One row: who may write, under which number, since when and until when (milliseconds since 1970, UTC).
CREATE TABLE ecampus_lease(
    id NUMBER(19) NOT NULL,
    fence NUMBER(19) NOT NULL,
    holder VARCHAR2(255 CHAR),
    taken NUMBER(19),
    expires NUMBER(19),
    beats NUMBER(19) NOT NULL,
    CONSTRAINT ecampus_lease_key PRIMARY KEY(id)
);
INSERT INTO ecampus_lease(id, fence, beats)
SELECT 1, 0, 0 FROM dual
 WHERE NOT EXISTS (SELECT 1 FROM ecampus_lease);
