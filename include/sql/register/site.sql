UPDATE ecampus_register
   SET site = :site
