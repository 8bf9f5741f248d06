SELECT groupid AS group_id, userid AS user_id, timeadded AS added
  FROM {prefix}groups_members
 ORDER BY groupid, userid
