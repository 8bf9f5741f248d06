-- One row, the ids apart by commas.
SELECT value AS user_id
  FROM {prefix}config
 WHERE name = 'siteadmins'
