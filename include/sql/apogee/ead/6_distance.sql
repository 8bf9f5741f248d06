-- The elements taught at a distance, by their charge of type EAD in the year: instead of ../6_distance.sql.
-- ELP_CHG_TYP_HEU
CREATE OR REPLACE VIEW apogee_distance AS
SELECT DISTINCT a.annee, c.cod_elp
  FROM apogee_annee a
  JOIN elp_chg_typ_heu c ON c.cod_anu = a.annee
 WHERE c.cod_typ_heu = 'EAD';
