UPDATE ecampus_batch
   SET looked = :looked
 WHERE batch = :batch
