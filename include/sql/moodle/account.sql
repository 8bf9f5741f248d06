SELECT username
  FROM {prefix}user
 WHERE id = :id
