-- The authentication methods that are enabled, apart by commas, besides « manual » and « nologin ».
SELECT value AS enabled
  FROM {prefix}config
 WHERE name = 'auth'
