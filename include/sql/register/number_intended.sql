UPDATE ecampus_register
   SET mark_intended = :wanted
