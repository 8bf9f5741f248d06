-- The étapes (VET) open in each year, once each even when several diplomas share one.
-- VDI_FRACTIONNER_VET (years), VERSION_ETAPE (composante, label), ETAPE (label when the web one is missing)
CREATE OR REPLACE VIEW apogee_vet AS
SELECT DISTINCT
       a.annee,
       v.cod_etp || '_' || v.cod_vrs_vet AS code,
       NVL(v.lib_web_vet, e.lib_etp) AS libelle,
       v.cod_cmp AS code_composante,
       v.cod_etp,
       v.cod_vrs_vet
  FROM apogee_annee a
  JOIN vdi_fractionner_vet f ON a.annee BETWEEN f.daa_deb_rct_vet AND f.daa_fin_rct_vet
  JOIN version_etape v ON v.cod_etp = f.cod_etp AND v.cod_vrs_vet = f.cod_vrs_vet
  JOIN etape e ON e.cod_etp = v.cod_etp;
