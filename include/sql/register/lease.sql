SELECT fence, holder, taken, CASE WHEN holder IS NOT NULL AND expires >= {clock} THEN 1 ELSE 0 END
  FROM ecampus_lease
 WHERE id = 1
