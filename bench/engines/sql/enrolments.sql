-- The rows to add and to remove (docs/rules.md, «Students and teachers» and «Publishing»).
CREATE TEMP TABLE sheet AS
SELECT known.porteur, known.frozen AND known.porte AS stuck, known.code, user_id, username
FROM source_seance_ade
JOIN known ON known.code = tidy(code_element)
LEFT JOIN account ON population = 'staff' AND account.code = tidy(code_enseignant)
WHERE seances > 0 AND origine = 'APOGEE' AND obsolete = 'N';

CREATE TEMP TABLE wanted AS
SELECT DISTINCT key AS course_idnumber, username, 'student' AS role FROM seat WHERE idnumber = key
UNION
SELECT live.key, username, 'editingteacher' FROM sheet
JOIN known ON known.code = sheet.porteur
JOIN live ON live.key = sheet.porteur AND live.idnumber = live.key
WHERE NOT frozen AND known.code NOT IN (FROM doubled) AND user_id IS NOT NULL AND user_id NOT IN (FROM frozen);

CREATE TEMP TABLE protected AS
WITH kept AS (
    SELECT unnest([upper(idnumber), upper(given)]) AS key FROM mine
    WHERE archived IS NOT NULL OR key NOT IN (SELECT key FROM course) OR idnumber IS DISTINCT FROM given
    UNION
    SELECT upper(idnumber) FROM owned_course
    ANTI JOIN existing_courses shown ON shown.id = owned_course.id OR shown.idnumber = owned_course.idnumber
)
SELECT key FROM kept WHERE key IS NOT NULL
    AND key NOT IN (
        SELECT upper(idnumber) FROM existing_courses ANTI JOIN mine USING (id) WHERE idnumber IS NOT NULL
    );

CREATE TEMP VIEW changes_to_add AS
SELECT concat_ws(' / ', course_idnumber, username, role) AS key
FROM wanted ANTI JOIN existing_enrolment_rows USING (course_idnumber, username, role);

CREATE TEMP VIEW changes_to_remove AS
WITH gone AS (
    SELECT * FROM owned_enrolment
    SEMI JOIN existing_enrolment_rows USING (course_idnumber, username, role)
    ANTI JOIN wanted USING (course_idnumber, username, role)
), seen AS (
    SELECT count(*) = 0 AS whole FROM owned_account ANTI JOIN existing_users ON id = user_id
), stuck AS (
    SELECT DISTINCT memory_links.porteur, username FROM sheet JOIN memory_links USING (code)
    WHERE stuck AND username IS NOT NULL
)
SELECT concat_ws(' / ', course_idnumber, gone.username, role) AS key
FROM gone
LEFT JOIN course ON course.key = course_idnumber
LEFT JOIN existing_users users ON users.username = gone.username
WHERE NOT (coalesce(foad, false) AND role <> 'student')
    AND NOT coalesce(users.id IN (FROM frozen), false)
    AND NOT (role <> 'student' AND (course_idnumber, gone.username) IN (FROM stuck))
    AND NOT (users.id IS NOT NULL AND upper(course_idnumber) IN (FROM protected))
    AND (users.id IS NOT NULL OR (SELECT whole FROM seen));
