-- As core_user_get_users shows them (Moodle 4.5): an account without a last name stays out, an idnumber 0 is none. Those
-- that another site lends (MNet) have its number, and may have the usernames of ours: host.sql says which is our own.
SELECT id, username, NULLIF(idnumber, '0') AS idnumber, auth, firstname, lastname, email, suspended,
       timecreated AS created, mnethostid AS host
  FROM {prefix}user
 WHERE deleted = 0 AND LENGTH(lastname) > 0 AND lastname <> '0'
 ORDER BY id
