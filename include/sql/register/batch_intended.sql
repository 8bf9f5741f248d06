INSERT INTO ecampus_batch(batch, run, phase, night, intended, is_open, items)
VALUES (:batch, :run, :phase, :night, {clock}, 1, :items)
