DELETE FROM {table}
 WHERE course_idnumber = :course_idnumber
   AND username = :username
   AND role = :role
