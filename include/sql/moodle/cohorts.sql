-- All but the mark of the register.
SELECT id, idnumber, name, timecreated AS created
  FROM {prefix}cohort
 WHERE idnumber IS NULL OR LOWER(TRIM(idnumber)) <> 'ecampus'
 ORDER BY id
