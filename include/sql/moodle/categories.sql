-- Moodle does not note when a category was created.
SELECT id, idnumber, name, parent AS parent_id, visible, NULL AS created
  FROM {prefix}course_categories
 ORDER BY id
