-- The register, on PostgreSQL: nights that people approve as a whole.
--
-- Rights: see 0.sql.
-- The phases that wait to be approved as a whole, or were (reason: first, thaw, year, site; state: asked, approved,
-- refused): the last night that showed what it would do, and its run; made_by: a short name of the installation.
CREATE TABLE IF NOT EXISTS ecampus_passage(
    phase VARCHAR(20) COLLATE "C" NOT NULL,
    reason VARCHAR(10) COLLATE "C" NOT NULL,
    made_by VARCHAR(32) COLLATE "C" NOT NULL,
    night VARCHAR(10) COLLATE "C" NOT NULL,
    run VARCHAR(255) COLLATE "C" NOT NULL,
    state VARCHAR(10) COLLATE "C" NOT NULL,
    decided VARCHAR(10) COLLATE "C",
    who VARCHAR(255) COLLATE "C",
    why VARCHAR(1000) COLLATE "C",
    PRIMARY KEY(phase, made_by)
);
-- From what each phase wrote last: year, root category, REFER, directory.
CREATE TABLE IF NOT EXISTS ecampus_site(
    phase VARCHAR(20) COLLATE "C" NOT NULL,
    name VARCHAR(20) COLLATE "C" NOT NULL,
    setting VARCHAR(255) COLLATE "C",
    PRIMARY KEY(phase, name)
);
-- Last: a script that was interrupted is not noted.
INSERT INTO ecampus_schema(version) VALUES (3);
