SELECT MAX(version)
  FROM ecampus_schema
