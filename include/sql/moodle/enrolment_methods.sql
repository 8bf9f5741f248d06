-- Every enrolment with its method, and the roles that the method itself gave (Moodle 4.5: component enrol_<method>, and
-- the id of its instance in the course); a role given by a manual enrolment, or by hand, has no such mark.
SELECT DISTINCT e.courseid AS course_id, ue.userid AS user_id, e.enrol AS method, r.shortname AS role,
       CASE WHEN ue.status = 0 AND e.status = 0 AND ue.timestart < :now AND (ue.timeend = 0 OR ue.timeend > :now)
            THEN 1 ELSE 0 END AS active
  FROM {prefix}user_enrolments ue
  JOIN {prefix}enrol e ON e.id = ue.enrolid
  LEFT JOIN {prefix}context x ON x.contextlevel = 50 AND x.instanceid = e.courseid
  LEFT JOIN ({prefix}role_assignments ra JOIN {prefix}role r ON r.id = ra.roleid)
    ON ra.contextid = x.id AND ra.userid = ue.userid
   AND ra.itemid = ue.enrolid AND SUBSTR(ra.component, 1, 6) = 'enrol_'
 WHERE ue.userid NOT IN (SELECT id FROM {prefix}user WHERE deleted = 1)
   AND {of_courses}
 ORDER BY 1, 2, 3, 4, 5
