SELECT table_name, engine
  FROM information_schema.tables
 WHERE table_schema = COALESCE(:base, DATABASE())
   AND table_name = :name
   AND engine <> 'InnoDB'
