-- Memberships that a plugin made and alone may end.
SELECT groupid AS group_id, userid AS user_id
  FROM {prefix}groups_members
 WHERE component <> ''
 ORDER BY groupid, userid
