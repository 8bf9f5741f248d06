-- The external table of Moodle's enrol_database, on Oracle (written from its documentation, not run on a live one).
--
-- CHAR: lengths in characters, not bytes. Oracle compares byte by byte unless NLS_COMP says otherwise. Moodle reads
-- one course's rows by the key, one person's at each login by the second index.
--
-- ecampus's account needs nothing else, Moodle's reads only:
--   GRANT SELECT, INSERT, DELETE ON enrolments TO ecampus;
--   GRANT SELECT ON enrolments TO moodle;
CREATE TABLE enrolments(
    course_idnumber VARCHAR2(100 CHAR) NOT NULL,
    username VARCHAR2(100 CHAR) NOT NULL,
    role VARCHAR2(100 CHAR) NOT NULL,
    CONSTRAINT enrolments_key PRIMARY KEY(course_idnumber, username, role)
);
CREATE INDEX enrolments_username ON enrolments(username);
