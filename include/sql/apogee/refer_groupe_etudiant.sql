-- Who is in each group, in the year.
-- IND_AFFECTE_GPE, INDIVIDU
CREATE OR REPLACE VIEW refer_groupe_etudiant AS
SELECT DISTINCT
       g.annee,
       g.code AS code_groupe,
       TO_CHAR(i.cod_etu) AS code_etudiant
  FROM apogee_groupe g
  JOIN ind_affecte_gpe m ON m.cod_gpe = g.cod_gpe AND m.cod_anu = g.annee
  JOIN individu i ON i.cod_ind = m.cod_ind
 WHERE i.cod_etu IS NOT NULL;
