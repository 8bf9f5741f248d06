-- Which student is in which group of which course (docs/rules.md, «Students and teachers»).
CREATE TEMP TABLE account AS
WITH linked AS (
    SELECT population, code, user_id, username FROM owned_account JOIN existing_users ON id = user_id
    QUALIFY row_number() OVER (PARTITION BY population, code ORDER BY upper(idnumber) IS DISTINCT FROM code, user_id) = 1
), other AS (
    SELECT
        CASE WHEN username LIKE 'e%' THEN 'student' WHEN username LIKE 'p%' THEN 'staff' END AS population,
        upper(idnumber) AS code, id AS user_id, username
    FROM existing_users WHERE idnumber IS NOT NULL AND id NOT IN (SELECT user_id FROM owned_account)
    QUALIFY count(*) OVER (PARTITION BY population, code) = 1
)
FROM linked UNION ALL FROM other ANTI JOIN linked USING (population, code) WHERE population IS NOT NULL;

CREATE TEMP TABLE frozen AS SELECT DISTINCT user_id FROM owned_account WHERE frozen;

CREATE TEMP TABLE team AS
SELECT tidy(code) AS code, contains(lower(libelle), 'cemu') AS cemu FROM source_groupe
QUALIFY row_number() OVER (PARTITION BY tidy(code) ORDER BY code) = 1;

CREATE TEMP TABLE place AS
SELECT DISTINCT team.code AS team, cemu, CASE WHEN cemu THEN known.code || '-FOAD' ELSE known.code END AS key
FROM source_groupe_element attached
JOIN team ON team.code = tidy(attached.code_groupe)
JOIN known ON known.code = tidy(attached.code_element)
WHERE NOT frozen AND NOT porte
    AND CASE WHEN cemu THEN distant ELSE known.code NOT IN (FROM doubled) END;

CREATE TEMP TABLE seat AS
WITH tele AS (
    SELECT DISTINCT tidy(code_etudiant) AS code FROM source_inscription_administrative WHERE tele_enseignement = 'O'
)
SELECT place.key, place.team, account.user_id, account.username, live.id AS course_id, live.idnumber
FROM source_groupe_etudiant member
JOIN place ON place.team = tidy(member.code_groupe)
JOIN account ON account.code = tidy(member.code_etudiant) AND population = 'student'
JOIN live ON live.key = place.key
WHERE (NOT cemu OR account.code IN (FROM tele)) AND user_id NOT IN (FROM frozen);
