-- Held by a plugin, or living in a category: 10 is the context of the whole site. The mark of the register is nobody's.
SELECT c.id
  FROM {prefix}cohort c
  JOIN {prefix}context x ON x.id = c.contextid
 WHERE (c.component <> '' OR x.contextlevel <> 10)
   AND (c.idnumber IS NULL OR LOWER(TRIM(c.idnumber)) <> 'ecampus')
 ORDER BY c.id
