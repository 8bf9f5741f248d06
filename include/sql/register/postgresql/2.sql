-- The register, on PostgreSQL: what is held, what people answered, what later nights count.
--
-- Rights: see 0.sql.
-- Against what each view is judged: the last run that read it well.
CREATE TABLE IF NOT EXISTS ecampus_good(
    phase VARCHAR(20) COLLATE "C" NOT NULL,
    view_name VARCHAR(100) COLLATE "C" NOT NULL,
    run VARCHAR(255) COLLATE "C" NOT NULL,
    PRIMARY KEY(phase, view_name)
);
-- How many units each run took away, renamed or made, by breaker and composante (null: the site), without those that
-- people approved.
CREATE TABLE IF NOT EXISTS ecampus_done(
    run VARCHAR(255) COLLATE "C" NOT NULL,
    night VARCHAR(10) COLLATE "C" NOT NULL,
    breaker VARCHAR(100) COLLATE "C" NOT NULL,
    scope VARCHAR(100) COLLATE "C",
    units BIGINT NOT NULL
);
-- What is held, unit by unit, and what people said of it (state: asked, approved, refused).
CREATE TABLE IF NOT EXISTS ecampus_decision(
    phase VARCHAR(20) COLLATE "C" NOT NULL,
    unit VARCHAR(700) COLLATE "C" NOT NULL,
    digest VARCHAR(32) COLLATE "C" NOT NULL,
    question VARCHAR(255) COLLATE "C" NOT NULL,
    state VARCHAR(10) COLLATE "C" NOT NULL,
    night VARCHAR(10) COLLATE "C" NOT NULL,
    decided VARCHAR(10) COLLATE "C",
    who VARCHAR(255) COLLATE "C",
    why VARCHAR(1000) COLLATE "C",
    PRIMARY KEY(phase, unit)
);
-- Every answer ever given: when (milliseconds since 1970, UTC), to what, of how many units, by whom and why.
CREATE TABLE IF NOT EXISTS ecampus_answer(
    answered BIGINT NOT NULL,
    phase VARCHAR(20) COLLATE "C" NOT NULL,
    question VARCHAR(255) COLLATE "C" NOT NULL,
    state VARCHAR(10) COLLATE "C" NOT NULL,
    night VARCHAR(10) COLLATE "C" NOT NULL,
    units BIGINT NOT NULL,
    who VARCHAR(255) COLLATE "C" NOT NULL,
    why VARCHAR(1000) COLLATE "C"
);
-- Last: a script that was interrupted is not noted.
INSERT INTO ecampus_schema(version) VALUES (2);
