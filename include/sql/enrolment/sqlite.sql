CREATE TABLE enrolments(
    course_idnumber VARCHAR(100) NOT NULL,
    username VARCHAR(100) NOT NULL,
    role VARCHAR(100) NOT NULL,
    PRIMARY KEY(course_idnumber, username, role)
)
