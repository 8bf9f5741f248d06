SELECT cohortid AS cohort_id, userid AS user_id
  FROM {prefix}cohort_members
 ORDER BY cohortid, userid
