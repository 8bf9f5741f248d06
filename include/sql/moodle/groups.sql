SELECT id, courseid AS course_id, idnumber, name
  FROM {prefix}groups
 ORDER BY id
