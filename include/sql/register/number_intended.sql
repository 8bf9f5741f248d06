UPDATE ecampus_register
   SET mark_late = COALESCE(mark_intended, mark_late), mark_intended = :wanted
