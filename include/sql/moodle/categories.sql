SELECT id, idnumber, name, parent AS parent_id, visible
  FROM {prefix}course_categories
 ORDER BY id
