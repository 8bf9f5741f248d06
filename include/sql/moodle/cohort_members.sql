SELECT cohortid AS cohort_id, userid AS user_id, timeadded AS added
  FROM {prefix}cohort_members
 WHERE cohortid NOT IN (SELECT id FROM {prefix}cohort WHERE LOWER(TRIM(idnumber)) = 'ecampus')
 ORDER BY cohortid, userid
