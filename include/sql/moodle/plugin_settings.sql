-- The settings on which a night hangs, and when the cron last ran. None of the passwords that are kept beside.
SELECT plugin, name, value
  FROM {prefix}config_plugins
 WHERE (plugin = 'enrol_database'
        AND name IN ('dbtype', 'debugdb', 'localcoursefield', 'localuserfield', 'localrolefield', 'remoteenroltable',
                     'remotecoursefield', 'remoteuserfield', 'remoterolefield', 'remoteotheruserfield', 'defaultrole',
                     'ignorehiddencourses', 'unenrolaction', 'newcoursetable'))
    OR (plugin = :auth
        AND name IN ('removeuser', 'field_map_idnumber', 'field_updatelocal_idnumber'))
    OR (plugin = 'tool_task' AND name = 'lastcronstart')
