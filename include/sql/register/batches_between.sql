SELECT batch, run, phase, night, intended, items, outcomes, looked
  FROM ecampus_batch
 WHERE batch > :after
   AND batch <= :until
 ORDER BY batch
