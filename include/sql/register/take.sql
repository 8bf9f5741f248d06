UPDATE ecampus_lease
   SET fence = fence + 1, holder = :holder, taken = {clock}, expires = {clock} + :ttl, beats = 0
 WHERE id = 1
   AND (holder IS NULL OR expires < {clock})
