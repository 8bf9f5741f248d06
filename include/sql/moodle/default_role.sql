-- The role that every account has.
SELECT value AS role
  FROM {prefix}config
 WHERE name = 'defaultuserroleid'
