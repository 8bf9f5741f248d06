UPDATE ecampus_register
   SET name = :name, mark_number = :wanted, mark_intended = NULL, mark_late = NULL
