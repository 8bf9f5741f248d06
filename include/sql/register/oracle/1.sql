-- The register, on Oracle: what is ours, what is in flight, what is remembered.
--
-- Rights: see 0.sql. Booleans are 0 or 1, nights AAAA-MM-JJ, created what Moodle says (seconds since 1970).
-- One row: the register's name, and the numbers that Moodle's mark and the readers compare.
CREATE TABLE ecampus_register(
    id NUMBER(19) NOT NULL,
    name VARCHAR2(36 CHAR) NOT NULL,
    mark_number NUMBER(19) NOT NULL,
    mark_intended NUMBER(19),
    mark_late NUMBER(19),
    change_number NUMBER(19) NOT NULL,
    CONSTRAINT ecampus_register_key PRIMARY KEY(id)
);
-- What was about to be sent to Moodle (items, JSON) and when that was noted (intended, milliseconds since 1970, UTC), and
-- what became of it (outcomes, JSON; null while open).
CREATE TABLE ecampus_batch(
    batch NUMBER(19) NOT NULL,
    run VARCHAR2(255 CHAR) NOT NULL,
    phase VARCHAR2(20 CHAR) NOT NULL,
    night VARCHAR2(10 CHAR) NOT NULL,
    intended NUMBER(19) NOT NULL,
    is_open NUMBER(1) NOT NULL,
    items CLOB NOT NULL,
    outcomes CLOB,
    looked VARCHAR2(255 CHAR),
    CONSTRAINT ecampus_batch_key PRIMARY KEY(batch)
);
CREATE INDEX ecampus_batch_open ON ecampus_batch(is_open);
CREATE INDEX ecampus_batch_run ON ecampus_batch(run);
-- What is ours.
CREATE TABLE ecampus_account(
    user_id NUMBER(19) NOT NULL,
    population VARCHAR2(20 CHAR) NOT NULL,
    code VARCHAR2(100 CHAR) NOT NULL,
    suspended NUMBER(1) NOT NULL,
    address VARCHAR2(255 CHAR),
    frozen NUMBER(1) NOT NULL,
    created NUMBER(19),
    since VARCHAR2(10 CHAR),
    CONSTRAINT ecampus_account_key PRIMARY KEY(user_id, population)
);
CREATE TABLE ecampus_cohort(
    id NUMBER(19) NOT NULL,
    code VARCHAR2(255 CHAR) NOT NULL,
    scope VARCHAR2(100 CHAR),
    created NUMBER(19),
    since VARCHAR2(10 CHAR),
    CONSTRAINT ecampus_cohort_key PRIMARY KEY(id)
);
CREATE TABLE ecampus_category(
    id NUMBER(19) NOT NULL,
    code VARCHAR2(255 CHAR) NOT NULL,
    scope VARCHAR2(100 CHAR),
    created NUMBER(19),
    since VARCHAR2(10 CHAR),
    CONSTRAINT ecampus_category_key PRIMARY KEY(id)
);
CREATE TABLE ecampus_course(
    id NUMBER(19) NOT NULL,
    course_key VARCHAR2(255 CHAR) NOT NULL,
    idnumber VARCHAR2(255 CHAR) NOT NULL,
    archived VARCHAR2(10 CHAR),
    scope VARCHAR2(100 CHAR),
    created NUMBER(19),
    since VARCHAR2(10 CHAR),
    CONSTRAINT ecampus_course_key PRIMARY KEY(id)
);
CREATE TABLE ecampus_group(
    id NUMBER(19) NOT NULL,
    course_id NUMBER(19) NOT NULL,
    code VARCHAR2(255 CHAR) NOT NULL,
    archived VARCHAR2(10 CHAR),
    scope VARCHAR2(100 CHAR),
    created NUMBER(19),
    since VARCHAR2(10 CHAR),
    CONSTRAINT ecampus_group_key PRIMARY KEY(id)
);
CREATE TABLE ecampus_cohort_member(
    cohort_id NUMBER(19) NOT NULL,
    user_id NUMBER(19) NOT NULL,
    CONSTRAINT ecampus_cohort_member_key PRIMARY KEY(cohort_id, user_id)
);
CREATE TABLE ecampus_group_member(
    group_id NUMBER(19) NOT NULL,
    user_id NUMBER(19) NOT NULL,
    CONSTRAINT ecampus_group_member_key PRIMARY KEY(group_id, user_id)
);
-- Which rows of the enrolment table are ours: same columns, same comparison.
CREATE TABLE ecampus_enrolment(
    course_idnumber VARCHAR2(100 CHAR) NOT NULL,
    username VARCHAR2(100 CHAR) NOT NULL,
    role VARCHAR2(100 CHAR) NOT NULL,
    CONSTRAINT ecampus_enrolment_key PRIMARY KEY(course_idnumber, username, role)
);
-- What later nights compare with: porteurs, rows that Moodle has not taken yet, figures.
CREATE TABLE ecampus_link(
    code VARCHAR2(100 CHAR) NOT NULL,
    porteur VARCHAR2(100 CHAR) NOT NULL,
    CONSTRAINT ecampus_link_key PRIMARY KEY(code)
);
CREATE TABLE ecampus_following(
    course_idnumber VARCHAR2(100 CHAR) NOT NULL,
    username VARCHAR2(100 CHAR) NOT NULL,
    role VARCHAR2(100 CHAR) NOT NULL,
    verb VARCHAR2(10 CHAR) NOT NULL,
    night VARCHAR2(10 CHAR) NOT NULL,
    CONSTRAINT ecampus_following_key PRIMARY KEY(course_idnumber, username, role)
);
CREATE TABLE ecampus_figure(
    phase VARCHAR2(20 CHAR) NOT NULL,
    subject VARCHAR2(100 CHAR) NOT NULL,
    scope VARCHAR2(100 CHAR),
    figure VARCHAR2(100 CHAR) NOT NULL,
    value NUMBER(19)
);
-- Last: a script that was interrupted is not noted.
INSERT INTO ecampus_schema(version) VALUES (1);
