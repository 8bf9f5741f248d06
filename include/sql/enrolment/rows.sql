SELECT course_idnumber, username, role
  FROM {table}
