-- The years open to enrolment: every other view gives these and no other.
-- ANNEE_UNI
CREATE OR REPLACE VIEW apogee_annee AS
SELECT cod_anu AS annee
  FROM annee_uni
 WHERE eta_anu_iae = 'O';
