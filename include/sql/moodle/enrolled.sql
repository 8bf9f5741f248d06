-- As core_enrol_get_enrolled_users shows them with onlyactive=1 (Moodle 4.5): the method is enabled, the enrolment is
-- not suspended and has begun and not ended; suspended accounts are in. Roles are those given in the course itself (50).
SELECT DISTINCT e.courseid AS course_id, ue.userid AS user_id, r.shortname AS role
  FROM {prefix}user_enrolments ue
  JOIN {prefix}enrol e ON e.id = ue.enrolid
  LEFT JOIN {prefix}context x ON x.contextlevel = 50 AND x.instanceid = e.courseid
  LEFT JOIN ({prefix}role_assignments ra JOIN {prefix}role r ON r.id = ra.roleid)
    ON ra.contextid = x.id AND ra.userid = ue.userid
 WHERE ue.status = 0 AND e.status = 0
   AND ue.userid NOT IN (SELECT id FROM {prefix}user WHERE deleted = 1)
   AND ue.timestart < :now AND (ue.timeend = 0 OR ue.timeend > :now)
 ORDER BY 1, 2, 3
