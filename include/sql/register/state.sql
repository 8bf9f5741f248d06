SELECT name, mark_number, mark_intended, change_number, site
  FROM ecampus_register
