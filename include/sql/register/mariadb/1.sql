-- The register, on MariaDB: what is ours, what is in flight, what is remembered.
--
-- Rights: see 0.sql. Booleans are 0 or 1, nights AAAA-MM-JJ, created what Moodle says (seconds since 1970).
-- Texts are compared as in the enrolment table (include/sql/enrolment), character by character.
-- One row: the register's name, and the numbers that Moodle's mark and the readers compare.
CREATE TABLE IF NOT EXISTS ecampus_register(
    id BIGINT NOT NULL,
    name VARCHAR(36) NOT NULL,
    mark_number BIGINT NOT NULL,
    mark_intended BIGINT,
    mark_late BIGINT,
    change_number BIGINT NOT NULL,
    PRIMARY KEY(id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
-- What was about to be sent to Moodle (items, JSON) and when that was noted (intended, milliseconds since 1970, UTC), and
-- what became of it (outcomes, JSON; null while open).
CREATE TABLE IF NOT EXISTS ecampus_batch(
    batch BIGINT NOT NULL,
    run VARCHAR(255) NOT NULL,
    phase VARCHAR(20) NOT NULL,
    night VARCHAR(10) NOT NULL,
    intended BIGINT NOT NULL,
    is_open SMALLINT NOT NULL,
    items LONGTEXT NOT NULL,
    outcomes LONGTEXT,
    looked VARCHAR(255),
    PRIMARY KEY(batch),
    KEY ecampus_batch_open(is_open),
    KEY ecampus_batch_run(run)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
-- What is ours.
CREATE TABLE IF NOT EXISTS ecampus_account(
    user_id BIGINT NOT NULL,
    population VARCHAR(20) NOT NULL,
    code VARCHAR(100) NOT NULL,
    suspended SMALLINT NOT NULL,
    address VARCHAR(255),
    frozen SMALLINT NOT NULL,
    created BIGINT,
    since VARCHAR(10),
    PRIMARY KEY(user_id, population)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS ecampus_cohort(
    id BIGINT NOT NULL,
    code VARCHAR(255) NOT NULL,
    scope VARCHAR(100),
    created BIGINT,
    since VARCHAR(10),
    PRIMARY KEY(id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS ecampus_category(
    id BIGINT NOT NULL,
    code VARCHAR(255) NOT NULL,
    scope VARCHAR(100),
    created BIGINT,
    since VARCHAR(10),
    PRIMARY KEY(id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS ecampus_course(
    id BIGINT NOT NULL,
    course_key VARCHAR(255) NOT NULL,
    idnumber VARCHAR(255) NOT NULL,
    archived VARCHAR(10),
    scope VARCHAR(100),
    created BIGINT,
    since VARCHAR(10),
    PRIMARY KEY(id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS ecampus_group(
    id BIGINT NOT NULL,
    course_id BIGINT NOT NULL,
    code VARCHAR(255) NOT NULL,
    archived VARCHAR(10),
    scope VARCHAR(100),
    created BIGINT,
    since VARCHAR(10),
    PRIMARY KEY(id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS ecampus_cohort_member(
    cohort_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY(cohort_id, user_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS ecampus_group_member(
    group_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY(group_id, user_id)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
-- Which rows of the enrolment table are ours: same columns, same comparison.
CREATE TABLE IF NOT EXISTS ecampus_enrolment(
    course_idnumber VARCHAR(100) NOT NULL,
    username VARCHAR(100) NOT NULL,
    role VARCHAR(100) NOT NULL,
    PRIMARY KEY(course_idnumber, username, role)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
-- What later nights compare with: porteurs, rows that Moodle has not taken yet, figures.
CREATE TABLE IF NOT EXISTS ecampus_link(
    code VARCHAR(100) NOT NULL,
    porteur VARCHAR(100) NOT NULL,
    PRIMARY KEY(code)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS ecampus_following(
    course_idnumber VARCHAR(100) NOT NULL,
    username VARCHAR(100) NOT NULL,
    role VARCHAR(100) NOT NULL,
    verb VARCHAR(10) NOT NULL,
    night VARCHAR(10) NOT NULL,
    PRIMARY KEY(course_idnumber, username, role)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
CREATE TABLE IF NOT EXISTS ecampus_figure(
    phase VARCHAR(20) NOT NULL,
    subject VARCHAR(100) NOT NULL,
    scope VARCHAR(100),
    figure VARCHAR(100) NOT NULL,
    value BIGINT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin;
-- Last: a script that was interrupted is not noted.
INSERT INTO ecampus_schema(version) VALUES (1);
