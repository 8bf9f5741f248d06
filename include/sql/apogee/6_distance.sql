-- The elements taught at a distance, by their own flag. The folder ead/ has the other choice.
-- ELEMENT_PEDAGOGI
CREATE OR REPLACE VIEW apogee_distance AS
SELECT a.annee, e.cod_elp
  FROM apogee_annee a
 CROSS JOIN apogee_elp e
 WHERE e.tem_a_dis_elp = 'O';
