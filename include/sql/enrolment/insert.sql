INSERT INTO {table} (course_idnumber, username, role)
VALUES (:course_idnumber, :username, :role)
