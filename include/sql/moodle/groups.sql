SELECT id, courseid AS course_id, idnumber, name, timecreated AS created
  FROM {prefix}groups
 ORDER BY id
