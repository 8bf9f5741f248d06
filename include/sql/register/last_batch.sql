SELECT COALESCE(MAX(batch), 0)
  FROM ecampus_batch
