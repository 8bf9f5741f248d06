INSERT INTO ecampus_register(id, name, mark_number, mark_intended, change_number)
VALUES (1, :name, 0, NULL, 0)
