-- The étapes open in the year.
-- VDI_FRACTIONNER_VET, VERSION_ETAPE, ETAPE
CREATE OR REPLACE VIEW refer_etape AS
SELECT annee, code, libelle, code_composante
  FROM apogee_vet;
