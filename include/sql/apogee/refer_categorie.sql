-- Two levels: the composantes that have an étape in the year, and their étapes.
-- COMPOSANTE, VERSION_ETAPE
CREATE OR REPLACE VIEW refer_categorie AS
SELECT DISTINCT
       v.annee,
       v.code_composante AS code,
       NVL(c.lib_cmp, v.code_composante) AS libelle,
       CAST(NULL AS VARCHAR2(30)) AS code_parent,
       v.code_composante
  FROM apogee_vet v
  LEFT JOIN composante c ON c.cod_cmp = v.code_composante
UNION ALL
SELECT annee, code, libelle, code_composante, code_composante
  FROM apogee_vet;
