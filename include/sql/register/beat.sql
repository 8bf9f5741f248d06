UPDATE ecampus_lease
   SET beats = beats + 1, expires = {clock} + :ttl
 WHERE id = 1
   AND fence = :fence
   AND holder = :holder
