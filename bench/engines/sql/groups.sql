-- Memberships to add and to remove (docs/rules.md, «Groups»).
CREATE TEMP TABLE spot AS
SELECT DISTINCT place.key, live.id AS course_id, place.team FROM place JOIN live USING (key);

CREATE TEMP TABLE here AS
SELECT ours.id, shown.course_id, ours.code AS team, ours.archived, live.key
FROM owned_group ours
JOIN existing_groups shown USING (id)
JOIN live ON live.id = shown.course_id
JOIN course ON course.key = live.key
WHERE coalesce(ours.created = shown.created, true);

CREATE TEMP TABLE standing AS
SELECT here.*, spot.team IS NOT NULL AS stays FROM here LEFT JOIN spot USING (course_id, team)
WHERE archived IS NULL QUALIFY row_number() OVER (PARTITION BY here.course_id, here.team ORDER BY id) = 1;

CREATE TEMP TABLE back AS
SELECT here.* FROM here SEMI JOIN spot USING (course_id, team) ANTI JOIN standing USING (course_id, team)
WHERE archived IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY course_id, team ORDER BY archived DESC, id DESC) = 1;

CREATE TEMP TABLE kept AS
SELECT id, course_id, team FROM standing WHERE stays UNION ALL SELECT id, course_id, team FROM back;

CREATE TEMP TABLE held AS
SELECT group_id, user_id FROM owned_group_member ANTI JOIN existing_held_members USING (group_id, user_id);

CREATE TEMP TABLE deleted AS
SELECT id FROM standing
WHERE NOT stays
    AND id NOT IN (SELECT group_id FROM existing_group_members ANTI JOIN held USING (group_id, user_id))
    AND id NOT IN (SELECT group_id FROM existing_groupings);

-- A code that a group of somebody else carries in the course is not asked for again.
CREATE TEMP TABLE entitled AS
WITH other AS (
    SELECT course_id, upper(idnumber) AS team FROM existing_groups
    WHERE id NOT IN (SELECT id FROM kept) AND id NOT IN (SELECT id FROM standing WHERE NOT stays)
)
SELECT DISTINCT seat.key, seat.course_id, seat.team, seat.user_id, seat.username, kept.id AS group_id
FROM seat
LEFT JOIN kept USING (course_id, team)
LEFT JOIN other ON other.course_id = seat.course_id AND other.team = seat.team
WHERE other.team IS NULL OR kept.id IS NOT NULL;

CREATE TEMP VIEW changes_to_add AS
SELECT concat_ws(' / ', key, team, username) AS key
FROM entitled
SEMI JOIN existing_enrolled USING (course_id, user_id)
ANTI JOIN existing_group_members USING (group_id, user_id);

CREATE TEMP VIEW changes_to_remove AS
SELECT concat_ws(' / ', key, team, users.username) AS key
FROM held
SEMI JOIN existing_group_members USING (group_id, user_id)
ANTI JOIN entitled USING (group_id, user_id)
JOIN (FROM standing SELECT id, key, team UNION ALL FROM here SELECT id, key, team WHERE archived IS NOT NULL) tended
    ON tended.id = group_id
JOIN existing_users users ON users.id = user_id
WHERE group_id NOT IN (FROM deleted) AND user_id NOT IN (FROM frozen);
