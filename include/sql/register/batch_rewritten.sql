UPDATE ecampus_batch
   SET items = :items, outcomes = :outcomes
 WHERE batch = :batch
