SELECT batch, run, phase, night, intended, items, outcomes, looked
  FROM ecampus_batch
 WHERE is_open = 1
 ORDER BY batch
