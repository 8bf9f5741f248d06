SELECT COUNT(*)
  FROM ecampus_decision
 WHERE state = :state
