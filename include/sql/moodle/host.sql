-- The number of this site among those of MNet, that of its own accounts.
SELECT value AS id
  FROM {prefix}config
 WHERE name = 'mnet_localhost_id'
