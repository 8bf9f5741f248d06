UPDATE ecampus_register
   SET change_number = change_number + 1
