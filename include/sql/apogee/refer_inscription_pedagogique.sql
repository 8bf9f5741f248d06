-- The enrolments in an element of the year; one row even when several lists of the étape hold it.
-- IND_CONTRAT_ELP, INDIVIDU
CREATE OR REPLACE VIEW refer_inscription_pedagogique AS
SELECT DISTINCT
       e.annee,
       TO_CHAR(i.cod_etu) AS code_etudiant,
       n.cod_etp || '_' || n.cod_vrs_vet AS code_etape,
       e.code AS code_element
  FROM refer_element e
  JOIN ind_contrat_elp n ON n.cod_anu = e.annee AND n.cod_elp = e.code
  JOIN individu i ON i.cod_ind = n.cod_ind
 WHERE n.tem_prc_ice = 'N'
   AND i.cod_etu IS NOT NULL;
