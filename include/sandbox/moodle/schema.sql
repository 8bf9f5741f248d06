-- Moodle's own tables and columns, as far as the project meets them. Uniqueness that the real
-- Moodle checks in PHP only has no unique index here either.
CREATE TABLE mdl_config (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE mdl_config_plugins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    plugin TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL
);
CREATE UNIQUE INDEX config_plugin ON mdl_config_plugins (plugin, name);
CREATE TABLE mdl_task_scheduled (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    component TEXT NOT NULL,
    classname TEXT NOT NULL UNIQUE,
    lastruntime INTEGER NOT NULL DEFAULT 0,
    faildelay INTEGER NOT NULL DEFAULT 0,
    disabled INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE mdl_context (id INTEGER PRIMARY KEY, contextlevel INTEGER NOT NULL, instanceid INTEGER NOT NULL);
CREATE UNIQUE INDEX context_instance ON mdl_context (contextlevel, instanceid);

CREATE TABLE mdl_user (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    auth TEXT NOT NULL DEFAULT 'manual',
    confirmed INTEGER NOT NULL DEFAULT 1,
    deleted INTEGER NOT NULL DEFAULT 0,
    suspended INTEGER NOT NULL DEFAULT 0,
    mnethostid INTEGER NOT NULL DEFAULT 1,
    username TEXT NOT NULL,
    idnumber TEXT NOT NULL DEFAULT '',
    firstname TEXT NOT NULL DEFAULT '',
    lastname TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '',
    institution TEXT NOT NULL DEFAULT '',
    department TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    lang TEXT NOT NULL DEFAULT 'fr',
    timecreated INTEGER NOT NULL DEFAULT 0,
    timemodified INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX user_username ON mdl_user (mnethostid, username COLLATE moodle);
CREATE INDEX user_idnumber ON mdl_user (idnumber COLLATE moodle);
CREATE INDEX user_email ON mdl_user (email COLLATE moodle);

CREATE TABLE mdl_role (id INTEGER PRIMARY KEY, shortname TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE mdl_role_capabilities (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    contextid INTEGER NOT NULL,
    roleid INTEGER NOT NULL,
    capability TEXT NOT NULL,
    permission INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX role_capability ON mdl_role_capabilities (roleid, contextid, capability);
CREATE TABLE mdl_role_assignments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    roleid INTEGER NOT NULL,
    contextid INTEGER NOT NULL,
    userid INTEGER NOT NULL,
    component TEXT NOT NULL DEFAULT '',
    itemid INTEGER NOT NULL DEFAULT 0,
    timemodified INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX assignment ON mdl_role_assignments (contextid, userid, roleid, component, itemid);
CREATE INDEX assignment_item ON mdl_role_assignments (itemid, component);
CREATE INDEX assignment_user ON mdl_role_assignments (userid);

CREATE TABLE mdl_course_categories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    idnumber TEXT,
    description TEXT,
    parent INTEGER NOT NULL DEFAULT 0,
    visible INTEGER NOT NULL DEFAULT 1,
    visibleold INTEGER NOT NULL DEFAULT 1,
    depth INTEGER NOT NULL DEFAULT 1,
    path TEXT NOT NULL DEFAULT '',
    timemodified INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX category_idnumber ON mdl_course_categories (idnumber COLLATE moodle);
CREATE INDEX category_parent ON mdl_course_categories (parent);

CREATE TABLE mdl_course (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    category INTEGER NOT NULL,
    fullname TEXT NOT NULL,
    shortname TEXT NOT NULL,
    idnumber TEXT NOT NULL DEFAULT '',
    summary TEXT NOT NULL DEFAULT '',
    format TEXT NOT NULL DEFAULT 'topics',
    visible INTEGER NOT NULL DEFAULT 1,
    visibleold INTEGER NOT NULL DEFAULT 1,
    groupmode INTEGER NOT NULL DEFAULT 0,
    startdate INTEGER NOT NULL DEFAULT 0,
    enddate INTEGER NOT NULL DEFAULT 0,
    timecreated INTEGER NOT NULL DEFAULT 0,
    timemodified INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX course_category ON mdl_course (category);
CREATE INDEX course_shortname ON mdl_course (shortname COLLATE moodle);
CREATE INDEX course_idnumber ON mdl_course (idnumber COLLATE moodle);

CREATE TABLE mdl_cohort (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    contextid INTEGER NOT NULL,
    name TEXT NOT NULL,
    idnumber TEXT,
    description TEXT NOT NULL DEFAULT '',
    descriptionformat INTEGER NOT NULL DEFAULT 1,
    visible INTEGER NOT NULL DEFAULT 1,
    component TEXT NOT NULL DEFAULT '',
    timecreated INTEGER NOT NULL DEFAULT 0,
    timemodified INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX cohort_idnumber ON mdl_cohort (idnumber COLLATE moodle);
CREATE TABLE mdl_cohort_members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cohortid INTEGER NOT NULL,
    userid INTEGER NOT NULL,
    timeadded INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX cohort_member ON mdl_cohort_members (cohortid, userid);

CREATE TABLE mdl_groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    courseid INTEGER NOT NULL,
    idnumber TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    timecreated INTEGER NOT NULL DEFAULT 0,
    timemodified INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX groups_name ON mdl_groups (courseid, name COLLATE moodle);
CREATE TABLE mdl_groups_members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    groupid INTEGER NOT NULL,
    userid INTEGER NOT NULL,
    component TEXT NOT NULL DEFAULT '',
    timeadded INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX groups_member ON mdl_groups_members (groupid, userid);
CREATE INDEX groups_member_user ON mdl_groups_members (userid);
CREATE TABLE mdl_groupings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    courseid INTEGER NOT NULL,
    idnumber TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    timemodified INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE mdl_groupings_groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    groupingid INTEGER NOT NULL,
    groupid INTEGER NOT NULL,
    timeadded INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX groupings_group ON mdl_groupings_groups (groupingid, groupid);

CREATE TABLE mdl_enrol (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enrol TEXT NOT NULL,
    status INTEGER NOT NULL DEFAULT 0,
    courseid INTEGER NOT NULL
);
CREATE UNIQUE INDEX enrol_course ON mdl_enrol (courseid, enrol);
CREATE TABLE mdl_user_enrolments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enrolid INTEGER NOT NULL,
    userid INTEGER NOT NULL,
    status INTEGER NOT NULL DEFAULT 0,
    timestart INTEGER NOT NULL DEFAULT 0,
    timeend INTEGER NOT NULL DEFAULT 0,
    timemodified INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX user_enrolment ON mdl_user_enrolments (enrolid, userid);
CREATE INDEX user_enrolment_user ON mdl_user_enrolments (userid);

-- The sandbox's own: what the service offers, what the task said.
CREATE TABLE sandbox_service (name TEXT PRIMARY KEY);
CREATE TABLE sandbox_task_log (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, line TEXT NOT NULL);
CREATE TABLE sandbox_handmade (tablename TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (tablename, id));
