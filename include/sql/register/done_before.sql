DELETE FROM ecampus_done
 WHERE night < :night
