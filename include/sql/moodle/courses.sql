-- 1 is the site's page.
SELECT id, idnumber, shortname, fullname, category AS category_id, visible, timecreated AS created
  FROM {prefix}course
 WHERE id <> 1
 ORDER BY id
