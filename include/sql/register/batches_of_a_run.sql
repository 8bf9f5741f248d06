SELECT batch, run, phase, night, items, outcomes
  FROM ecampus_batch
 WHERE run = :run
 ORDER BY batch
