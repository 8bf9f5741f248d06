UPDATE ecampus_lease
   SET holder = NULL, taken = NULL, expires = NULL
 WHERE id = 1
   AND fence = :fence
   AND holder = :holder
