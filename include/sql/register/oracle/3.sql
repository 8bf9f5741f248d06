-- The register, on Oracle: nights that people approve as a whole.
--
-- Rights: see 0.sql.
-- The phases that wait to be approved as a whole, or were (reason: first, thaw, year, site; state: asked, approved,
-- refused): the last night that showed what it would do, and its run; made_by: a short name of the installation.
CREATE TABLE ecampus_passage(
    phase VARCHAR2(20 CHAR) NOT NULL,
    reason VARCHAR2(10 CHAR) NOT NULL,
    made_by VARCHAR2(32 CHAR) NOT NULL,
    night VARCHAR2(10 CHAR) NOT NULL,
    run VARCHAR2(255 CHAR) NOT NULL,
    state VARCHAR2(10 CHAR) NOT NULL,
    decided VARCHAR2(10 CHAR),
    who VARCHAR2(255 CHAR),
    why VARCHAR2(1000 CHAR),
    CONSTRAINT ecampus_passage_key PRIMARY KEY(phase, made_by)
);
-- From what each phase wrote last: year, root category, REFER, directory.
CREATE TABLE ecampus_site(
    phase VARCHAR2(20 CHAR) NOT NULL,
    name VARCHAR2(20 CHAR) NOT NULL,
    setting VARCHAR2(255 CHAR),
    CONSTRAINT ecampus_site_key PRIMARY KEY(phase, name)
);
-- Last: a script that was interrupted is not noted.
INSERT INTO ecampus_schema(version) VALUES (3);
