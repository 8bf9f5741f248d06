-- Which element each group is attached to.
-- GPE_OBJ
CREATE OR REPLACE VIEW refer_groupe_element AS
SELECT DISTINCT annee, code AS code_groupe, code_element
  FROM apogee_groupe;
