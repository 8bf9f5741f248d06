UPDATE ecampus_register
   SET mark_number = mark_intended, mark_intended = NULL
 WHERE mark_intended IS NOT NULL
