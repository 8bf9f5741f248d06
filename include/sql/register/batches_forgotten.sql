DELETE FROM ecampus_batch
 WHERE is_open = 0
   AND night < :night
   AND batch < :last
