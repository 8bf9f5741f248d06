-- The enrolment methods that are enabled, apart by commas.
SELECT value AS enabled
  FROM {prefix}config
 WHERE name = 'enrol_plugins_enabled'
