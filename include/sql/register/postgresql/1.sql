-- The register, on PostgreSQL: what is ours, what is in flight, what is remembered.
--
-- Rights: see 0.sql. Booleans are 0 or 1, nights AAAA-MM-JJ, created what Moodle says (seconds since 1970).
-- Texts are compared as in the enrolment table (include/sql/enrolment), character by character.
-- One row: the register's name, and the numbers that Moodle's mark and the readers compare.
CREATE TABLE IF NOT EXISTS ecampus_register(
    id BIGINT NOT NULL,
    name VARCHAR(36) COLLATE "C" NOT NULL,
    mark_number BIGINT NOT NULL,
    mark_intended BIGINT,
    mark_late BIGINT,
    change_number BIGINT NOT NULL,
    PRIMARY KEY(id)
);
-- What was about to be sent to Moodle (items, JSON) and when that was noted (intended, milliseconds since 1970, UTC), and
-- what became of it (outcomes, JSON; null while open).
CREATE TABLE IF NOT EXISTS ecampus_batch(
    batch BIGINT NOT NULL,
    run VARCHAR(255) COLLATE "C" NOT NULL,
    phase VARCHAR(20) COLLATE "C" NOT NULL,
    night VARCHAR(10) COLLATE "C" NOT NULL,
    intended BIGINT NOT NULL,
    is_open SMALLINT NOT NULL,
    items TEXT NOT NULL,
    outcomes TEXT,
    looked VARCHAR(255) COLLATE "C",
    PRIMARY KEY(batch)
);
CREATE INDEX IF NOT EXISTS ecampus_batch_open ON ecampus_batch(is_open);
CREATE INDEX IF NOT EXISTS ecampus_batch_run ON ecampus_batch(run);
-- What is ours.
CREATE TABLE IF NOT EXISTS ecampus_account(
    user_id BIGINT NOT NULL,
    population VARCHAR(20) COLLATE "C" NOT NULL,
    code VARCHAR(100) COLLATE "C" NOT NULL,
    suspended SMALLINT NOT NULL,
    address VARCHAR(255) COLLATE "C",
    frozen SMALLINT NOT NULL,
    created BIGINT,
    since VARCHAR(10) COLLATE "C",
    PRIMARY KEY(user_id, population)
);
CREATE TABLE IF NOT EXISTS ecampus_cohort(
    id BIGINT NOT NULL,
    code VARCHAR(255) COLLATE "C" NOT NULL,
    scope VARCHAR(100) COLLATE "C",
    created BIGINT,
    since VARCHAR(10) COLLATE "C",
    PRIMARY KEY(id)
);
CREATE TABLE IF NOT EXISTS ecampus_category(
    id BIGINT NOT NULL,
    code VARCHAR(255) COLLATE "C" NOT NULL,
    scope VARCHAR(100) COLLATE "C",
    created BIGINT,
    since VARCHAR(10) COLLATE "C",
    PRIMARY KEY(id)
);
CREATE TABLE IF NOT EXISTS ecampus_course(
    id BIGINT NOT NULL,
    course_key VARCHAR(255) COLLATE "C" NOT NULL,
    idnumber VARCHAR(255) COLLATE "C" NOT NULL,
    archived VARCHAR(10) COLLATE "C",
    scope VARCHAR(100) COLLATE "C",
    created BIGINT,
    since VARCHAR(10) COLLATE "C",
    PRIMARY KEY(id)
);
CREATE TABLE IF NOT EXISTS ecampus_group(
    id BIGINT NOT NULL,
    course_id BIGINT NOT NULL,
    code VARCHAR(255) COLLATE "C" NOT NULL,
    archived VARCHAR(10) COLLATE "C",
    scope VARCHAR(100) COLLATE "C",
    created BIGINT,
    since VARCHAR(10) COLLATE "C",
    PRIMARY KEY(id)
);
CREATE TABLE IF NOT EXISTS ecampus_cohort_member(
    cohort_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY(cohort_id, user_id)
);
CREATE TABLE IF NOT EXISTS ecampus_group_member(
    group_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY(group_id, user_id)
);
-- Which rows of the enrolment table are ours: same columns, same comparison.
CREATE TABLE IF NOT EXISTS ecampus_enrolment(
    course_idnumber VARCHAR(100) COLLATE "C" NOT NULL,
    username VARCHAR(100) COLLATE "C" NOT NULL,
    role VARCHAR(100) COLLATE "C" NOT NULL,
    PRIMARY KEY(course_idnumber, username, role)
);
-- What later nights compare with: porteurs, rows that Moodle has not taken yet, figures.
CREATE TABLE IF NOT EXISTS ecampus_link(
    code VARCHAR(100) COLLATE "C" NOT NULL,
    porteur VARCHAR(100) COLLATE "C" NOT NULL,
    PRIMARY KEY(code)
);
CREATE TABLE IF NOT EXISTS ecampus_following(
    course_idnumber VARCHAR(100) COLLATE "C" NOT NULL,
    username VARCHAR(100) COLLATE "C" NOT NULL,
    role VARCHAR(100) COLLATE "C" NOT NULL,
    verb VARCHAR(10) COLLATE "C" NOT NULL,
    night VARCHAR(10) COLLATE "C" NOT NULL,
    PRIMARY KEY(course_idnumber, username, role)
);
CREATE TABLE IF NOT EXISTS ecampus_figure(
    phase VARCHAR(20) COLLATE "C" NOT NULL,
    subject VARCHAR(100) COLLATE "C" NOT NULL,
    scope VARCHAR(100) COLLATE "C",
    figure VARCHAR(100) COLLATE "C" NOT NULL,
    value BIGINT
);
-- Last: a script that was interrupted is not noted.
INSERT INTO ecampus_schema(version) VALUES (1);
