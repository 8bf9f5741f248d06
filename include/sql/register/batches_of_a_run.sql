SELECT batch, run, phase, night, intended, items, outcomes, looked
  FROM ecampus_batch
 WHERE run = :run
 ORDER BY batch
