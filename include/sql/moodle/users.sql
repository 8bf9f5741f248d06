-- As core_user_get_users shows them (Moodle 4.5): an account without a last name stays out, an idnumber 0 is none. Those
-- that another site lends (MNet) stay out too: they may have the usernames of ours.
SELECT id, username, NULLIF(idnumber, '0') AS idnumber, auth, firstname, lastname, email, suspended,
       timecreated AS created
  FROM {prefix}user
 WHERE deleted = 0 AND LENGTH(lastname) > 0 AND lastname <> '0' AND mnethostid = :host
 ORDER BY id
