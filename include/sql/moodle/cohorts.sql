SELECT id, idnumber, name
  FROM {prefix}cohort
 ORDER BY id
