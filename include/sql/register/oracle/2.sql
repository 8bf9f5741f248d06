-- The register, on Oracle: what is held, what people answered, what later nights count.
--
-- Rights: see 0.sql.
-- Against what each view is judged: the last run that read it well.
CREATE TABLE ecampus_good(
    phase VARCHAR2(20 CHAR) NOT NULL,
    view_name VARCHAR2(100 CHAR) NOT NULL,
    run VARCHAR2(255 CHAR) NOT NULL,
    CONSTRAINT ecampus_good_key PRIMARY KEY(phase, view_name)
);
-- How many units each run took away, renamed or made, by breaker and composante (null: the site), without those that
-- people approved.
CREATE TABLE ecampus_done(
    run VARCHAR2(255 CHAR) NOT NULL,
    night VARCHAR2(10 CHAR) NOT NULL,
    breaker VARCHAR2(100 CHAR) NOT NULL,
    scope VARCHAR2(100 CHAR),
    units NUMBER(19) NOT NULL
);
-- What is held, unit by unit, and what people said of it (state: asked, approved, refused).
CREATE TABLE ecampus_decision(
    phase VARCHAR2(20 CHAR) NOT NULL,
    unit VARCHAR2(700 CHAR) NOT NULL,
    digest VARCHAR2(32 CHAR) NOT NULL,
    question VARCHAR2(255 CHAR) NOT NULL,
    state VARCHAR2(10 CHAR) NOT NULL,
    night VARCHAR2(10 CHAR) NOT NULL,
    decided VARCHAR2(10 CHAR),
    who VARCHAR2(255 CHAR),
    why VARCHAR2(1000 CHAR),
    CONSTRAINT ecampus_decision_key PRIMARY KEY(phase, unit)
);
-- Every answer ever given: when (milliseconds since 1970, UTC), to what, of how many units, by whom and why.
CREATE TABLE ecampus_answer(
    answered NUMBER(19) NOT NULL,
    phase VARCHAR2(20 CHAR) NOT NULL,
    question VARCHAR2(255 CHAR) NOT NULL,
    state VARCHAR2(10 CHAR) NOT NULL,
    night VARCHAR2(10 CHAR) NOT NULL,
    units NUMBER(19) NOT NULL,
    who VARCHAR2(255 CHAR) NOT NULL,
    why VARCHAR2(1000 CHAR)
);
-- Last: a script that was interrupted is not noted.
INSERT INTO ecampus_schema(version) VALUES (2);
