-- The external table of Moodle's enrol_database, on PostgreSQL.
--
-- COLLATE "C": keys are compared byte by byte, so that L1 and l1, e and é, stay different, and an update of the
-- system's locales never breaks the index. Moodle reads one course's rows by the key, one person's at each login by
-- the second index.
--
-- ecampus's account needs nothing else, Moodle's reads only; a lock is then waited for one minute at most:
--   GRANT SELECT, INSERT, DELETE ON enrolments TO ecampus;
--   GRANT SELECT ON enrolments TO moodle;
--   ALTER ROLE ecampus SET lock_timeout = '60s';
CREATE TABLE enrolments(
    course_idnumber VARCHAR(100) COLLATE "C" NOT NULL,
    username VARCHAR(100) COLLATE "C" NOT NULL,
    role VARCHAR(100) COLLATE "C" NOT NULL,
    PRIMARY KEY(course_idnumber, username, role)
);
CREATE INDEX enrolments_username ON enrolments(username);
