SELECT batch, run, phase, night, items, outcomes, looked
  FROM ecampus_batch
 WHERE run = :run
 ORDER BY batch
