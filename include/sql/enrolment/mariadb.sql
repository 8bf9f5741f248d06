-- The external table of Moodle's enrol_database, on MariaDB (on MySQL 8: utf8mb4_0900_bin).
--
-- InnoDB: without it there is no transaction, and whoever logs in meanwhile would lose enrolments.
-- utf8mb4_nopad_bin: keys are compared character by character, so that L1 and l1, e and é, «L1» and «L1 » stay
-- different; under the usual collations they are one key, and utf8mb4_bin forgets spaces at the end. Moodle reads one
-- course's rows by the key, one person's at each login by the second index.
--
-- ecampus's account needs nothing else, Moodle's reads only (innodb_lock_wait_timeout, 50 seconds, bounds waiting):
--   GRANT SELECT, INSERT, DELETE ON enrolments TO ecampus;
--   GRANT SELECT ON enrolments TO moodle;
CREATE TABLE enrolments(
    course_idnumber VARCHAR(100) NOT NULL,
    username VARCHAR(100) NOT NULL,
    role VARCHAR(100) NOT NULL,
    PRIMARY KEY(course_idnumber, username, role),
    KEY enrolments_username(username)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
