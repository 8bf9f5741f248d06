SELECT name, mark_number, mark_intended, mark_late, change_number
  FROM ecampus_register
