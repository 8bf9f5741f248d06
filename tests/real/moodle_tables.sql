CREATE TABLE {prefix}config (name VARCHAR(255) PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE {prefix}config_plugins (plugin VARCHAR(100) NOT NULL, name VARCHAR(100) NOT NULL, value TEXT NOT NULL);
CREATE TABLE {prefix}task_scheduled (
    classname VARCHAR(255) NOT NULL,
    lastruntime BIGINT NOT NULL,
    faildelay BIGINT NOT NULL,
    disabled SMALLINT NOT NULL
);
CREATE TABLE {prefix}role_capabilities (
    contextid BIGINT NOT NULL,
    roleid BIGINT NOT NULL,
    capability VARCHAR(255) NOT NULL,
    permission BIGINT NOT NULL
);
CREATE TABLE {prefix}context (id BIGINT PRIMARY KEY, contextlevel BIGINT NOT NULL, instanceid BIGINT NOT NULL);
CREATE TABLE {prefix}user (
    id BIGINT PRIMARY KEY,
    auth VARCHAR(20) NOT NULL,
    deleted SMALLINT NOT NULL,
    suspended SMALLINT NOT NULL,
    username VARCHAR(100) NOT NULL,
    idnumber VARCHAR(255) NOT NULL,
    firstname VARCHAR(100) NOT NULL,
    lastname VARCHAR(100) NOT NULL,
    email VARCHAR(100) NOT NULL,
    mnethostid BIGINT NOT NULL,
    timecreated BIGINT NOT NULL
);
CREATE TABLE {prefix}role (id BIGINT PRIMARY KEY, shortname VARCHAR(100) NOT NULL);
CREATE TABLE {prefix}role_assignments (
    id BIGINT PRIMARY KEY,
    roleid BIGINT NOT NULL,
    contextid BIGINT NOT NULL,
    userid BIGINT NOT NULL,
    component VARCHAR(100) NOT NULL,
    itemid BIGINT NOT NULL
);
CREATE TABLE {prefix}course_categories (
    id BIGINT PRIMARY KEY,
    name VARCHAR(255) NOT NULL,
    idnumber VARCHAR(100),
    parent BIGINT NOT NULL,
    visible SMALLINT NOT NULL
);
CREATE TABLE {prefix}course (
    id BIGINT PRIMARY KEY,
    category BIGINT NOT NULL,
    fullname VARCHAR(254) NOT NULL,
    shortname VARCHAR(255) NOT NULL,
    idnumber VARCHAR(100) NOT NULL,
    visible SMALLINT NOT NULL,
    timecreated BIGINT NOT NULL
);
CREATE TABLE {prefix}cohort (
    id BIGINT PRIMARY KEY,
    contextid BIGINT NOT NULL,
    name VARCHAR(254) NOT NULL,
    idnumber VARCHAR(100),
    component VARCHAR(100) NOT NULL,
    timecreated BIGINT NOT NULL
);
CREATE TABLE {prefix}cohort_members (
    id BIGINT PRIMARY KEY,
    cohortid BIGINT NOT NULL,
    userid BIGINT NOT NULL,
    timeadded BIGINT NOT NULL
);
CREATE TABLE {prefix}groups (
    id BIGINT PRIMARY KEY,
    courseid BIGINT NOT NULL,
    idnumber VARCHAR(100) NOT NULL,
    name VARCHAR(254) NOT NULL,
    timecreated BIGINT NOT NULL
);
CREATE TABLE {prefix}groups_members (
    id BIGINT PRIMARY KEY,
    groupid BIGINT NOT NULL,
    userid BIGINT NOT NULL,
    component VARCHAR(100) NOT NULL,
    timeadded BIGINT NOT NULL
);
CREATE TABLE {prefix}groupings_groups (
    id BIGINT PRIMARY KEY,
    groupingid BIGINT NOT NULL,
    groupid BIGINT NOT NULL
);
CREATE TABLE {prefix}enrol (
    id BIGINT PRIMARY KEY,
    enrol VARCHAR(20) NOT NULL,
    status BIGINT NOT NULL,
    courseid BIGINT NOT NULL
);
CREATE TABLE {prefix}user_enrolments (
    id BIGINT PRIMARY KEY,
    status BIGINT NOT NULL,
    enrolid BIGINT NOT NULL,
    userid BIGINT NOT NULL,
    timestart BIGINT NOT NULL,
    timeend BIGINT NOT NULL
);
