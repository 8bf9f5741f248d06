-- What « make check » and ecampus_check read besides (grants.sql), for the account of the connection « moodle_db »: the
-- settings of enrol_database and of the authentication method, its scheduled task, the capabilities of the token's
-- account. Optional: without them the check says what it could not look at, and the nights do not change.
--
-- mdl_config_plugins holds passwords in other rows (dbpass of enrol_database, bind_pw of auth_ldap): where that is too
-- much, a view of that name and of the rows of plugin_settings.sql, as docs/moodle.md says of mdl_config.
GRANT SELECT (plugin, name, value) ON mdl_config_plugins TO lecture;
GRANT SELECT (classname, disabled, faildelay, lastruntime) ON mdl_task_scheduled TO lecture;
GRANT SELECT (contextid, roleid, capability, permission) ON mdl_role_capabilities TO lecture;
