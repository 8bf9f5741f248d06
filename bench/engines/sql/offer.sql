-- The courses that REFER wants, beside those that are ours (docs/rules.md, «Offer»).
CREATE MACRO tidy(code) AS upper(trim(nfc_normalize(code)));

CREATE TEMP TABLE category AS
SELECT tidy(code) AS code, tidy(code_parent) AS parent FROM source_categorie
QUALIFY row_number() OVER (PARTITION BY tidy(code) ORDER BY code) = 1;

CREATE TEMP TABLE rooted AS
WITH RECURSIVE rooted AS (
    SELECT code FROM category WHERE parent IS NULL
    UNION ALL
    SELECT category.code FROM category JOIN rooted ON category.parent = rooted.code
)
SELECT code FROM rooted;

CREATE TEMP TABLE element AS
WITH unread AS (
    SELECT DISTINCT tidy(element) AS code FROM source_illisible WHERE view = 'element' AND element IS NOT NULL
), readable AS (
    SELECT tidy(code) AS code, tidy(code_categorie) AS category, a_distance = 'O' AS distant FROM source_element
    QUALIFY row_number() OVER (PARTITION BY tidy(code) ORDER BY code) = 1
)
SELECT code, category, coalesce(distant, false) AS distant, unread.code IS NOT NULL AS unreadable
FROM readable FULL JOIN unread USING (code);

CREATE TEMP TABLE link AS
SELECT tidy(code_porte) AS child, tidy(code_porteur) AS parent FROM source_porte
QUALIFY row_number() OVER (PARTITION BY tidy(code_porte) ORDER BY code_porte) = 1;

-- The end of each chain; those that loop have none.
CREATE TEMP TABLE chain_end AS
WITH RECURSIVE chain AS (
    SELECT child, parent, 1 AS depth FROM link
    UNION ALL
    SELECT chain.child, link.parent, depth + 1 FROM chain JOIN link ON link.child = chain.parent WHERE depth < 64
)
SELECT child, parent FROM chain WHERE parent NOT IN (SELECT child FROM link);

CREATE TEMP TABLE known AS
SELECT
    element.code, element.distant, element.unreadable, link.child IS NOT NULL AS porte,
    CASE WHEN link.child IS NULL THEN element.code ELSE porteur.code END AS porteur,
    element.unreadable OR rooted.code IS NULL OR (link.child IS NOT NULL AND porteur.code IS NULL) AS frozen
FROM element
LEFT JOIN link ON link.child = element.code
LEFT JOIN chain_end ON chain_end.child = element.code
LEFT JOIN element porteur ON porteur.code = chain_end.parent
LEFT JOIN rooted ON rooted.code = element.category;

CREATE TEMP TABLE twin AS
SELECT code || '-FOAD' AS key FROM known WHERE (distant OR unreadable) AND (frozen OR NOT porte);

CREATE TEMP TABLE doubled AS
SELECT code FROM known WHERE NOT frozen AND NOT porte AND code IN (SELECT key FROM twin);

CREATE TEMP TABLE course AS
SELECT code AS key, false AS foad FROM known WHERE NOT frozen AND NOT porte AND code NOT IN (FROM doubled)
UNION ALL
SELECT code || '-FOAD', true FROM known WHERE NOT frozen AND NOT porte AND distant;

CREATE TEMP TABLE mine AS
SELECT ours.id, ours.key, ours.idnumber AS given, ours.archived, shown.idnumber
FROM owned_course ours JOIN existing_courses shown USING (id)
WHERE coalesce(ours.created = shown.created, true);

CREATE TEMP TABLE live AS
SELECT * FROM mine WHERE archived IS NULL QUALIFY row_number() OVER (PARTITION BY key ORDER BY id) = 1;
