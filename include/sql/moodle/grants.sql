-- What the account of the connection « moodle_db » may read, and nothing else: neither passwords nor grades. The same on
-- MariaDB and PostgreSQL, run in Moodle's database by its administrator, with Moodle's own prefix for mdl_ and the
-- account for lecture.
GRANT SELECT (id, username, idnumber, auth, firstname, lastname, email, suspended, deleted, mnethostid, timecreated) ON mdl_user TO lecture;
GRANT SELECT (id, idnumber, name, parent, visible) ON mdl_course_categories TO lecture;
GRANT SELECT (id, idnumber, shortname, fullname, category, visible, timecreated) ON mdl_course TO lecture;
GRANT SELECT (id, idnumber, name, contextid, component, timecreated) ON mdl_cohort TO lecture;
GRANT SELECT (cohortid, userid, timeadded) ON mdl_cohort_members TO lecture;
GRANT SELECT (id, courseid, idnumber, name, timecreated) ON mdl_groups TO lecture;
GRANT SELECT (groupid, userid, component, timeadded) ON mdl_groups_members TO lecture;
GRANT SELECT (groupingid, groupid) ON mdl_groupings_groups TO lecture;
GRANT SELECT (id, courseid, enrol, status) ON mdl_enrol TO lecture;
GRANT SELECT (enrolid, userid, status, timestart, timeend) ON mdl_user_enrolments TO lecture;
GRANT SELECT (roleid, contextid, userid, component, itemid) ON mdl_role_assignments TO lecture;
GRANT SELECT (id, shortname) ON mdl_role TO lecture;
GRANT SELECT (id, contextlevel, instanceid) ON mdl_context TO lecture;
GRANT SELECT (name, value) ON mdl_config TO lecture;
