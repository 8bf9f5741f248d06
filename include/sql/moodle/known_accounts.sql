-- Every account that is not deleted, those without a name included.
SELECT id AS user_id
  FROM {prefix}user
 WHERE deleted = 0
 ORDER BY id
