-- The groups of the year's elements. The code is COD_EXT_GPE, which people know; COD_GPE is internal.
-- GROUPE
CREATE OR REPLACE VIEW refer_groupe AS
SELECT DISTINCT annee, code, libelle, code_collection
  FROM apogee_groupe;
