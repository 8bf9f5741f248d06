-- The enrolments in an étape, in force and paid; one row even when several diplomas lead to the same étape.
-- INS_ADM_ETP, INDIVIDU
CREATE OR REPLACE VIEW refer_inscription_administrative AS
SELECT a.annee,
       TO_CHAR(i.cod_etu) AS code_etudiant,
       n.cod_etp || '_' || n.cod_vrs_vet AS code_etape,
       MAX(CASE WHEN n.tem_tls_iae = 'O' THEN 'O' ELSE 'N' END) AS tele_enseignement
  FROM apogee_annee a
  JOIN ins_adm_etp n ON n.cod_anu = a.annee
  JOIN individu i ON i.cod_ind = n.cod_ind
 WHERE n.eta_iae = 'E'
   AND n.eta_pmt_iae = 'P'
   AND i.cod_etu IS NOT NULL
 GROUP BY a.annee, i.cod_etu, n.cod_etp, n.cod_vrs_vet;
