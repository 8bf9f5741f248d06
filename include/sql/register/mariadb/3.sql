-- The register, on MariaDB: nights that people approve as a whole.
--
-- Rights: see 0.sql.
-- The phases that wait to be approved as a whole, or were (reason: first, thaw, year, site; state: asked, approved,
-- refused): the last night that showed what it would do, and its run; made_by: a short name of the installation.
CREATE TABLE IF NOT EXISTS ecampus_passage(
    phase VARCHAR(20) NOT NULL,
    reason VARCHAR(10) NOT NULL,
    made_by VARCHAR(32) NOT NULL,
    night VARCHAR(10) NOT NULL,
    run VARCHAR(255) NOT NULL,
    state VARCHAR(10) NOT NULL,
    decided VARCHAR(10),
    who VARCHAR(255),
    why VARCHAR(1000),
    PRIMARY KEY(phase, made_by)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
-- From what each phase wrote last: year, root category, REFER, directory.
CREATE TABLE IF NOT EXISTS ecampus_site(
    phase VARCHAR(20) NOT NULL,
    name VARCHAR(20) NOT NULL,
    setting VARCHAR(255),
    PRIMARY KEY(phase, name)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
-- Last: a script that was interrupted is not noted.
INSERT INTO ecampus_schema(version) VALUES (3);
