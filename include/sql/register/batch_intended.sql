INSERT INTO ecampus_batch(batch, run, phase, night, is_open, items)
VALUES (:batch, :run, :phase, :night, 1, :items)
