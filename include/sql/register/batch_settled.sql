UPDATE ecampus_batch
   SET is_open = 0, outcomes = :outcomes
 WHERE batch = :batch
