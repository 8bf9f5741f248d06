-- The groups valid in each year, a row for each element in use that they are attached to.
-- GROUPE (years), GPE_OBJ
CREATE OR REPLACE VIEW apogee_groupe AS
SELECT DISTINCT
       a.annee,
       g.cod_gpe,
       g.cod_ext_gpe AS code,
       g.lib_gpe AS libelle,
       TO_CHAR(g.cod_col) AS code_collection,
       o.cod_elp AS code_element
  FROM apogee_annee a
  JOIN groupe g ON a.annee BETWEEN NVL(g.daa_deb_val_gpe, '0000') AND NVL(g.daa_fin_val_gpe, '9999')
  JOIN gpe_obj o ON o.cod_gpe = g.cod_gpe AND o.typ_obj_gpo = 'ELP'
  JOIN apogee_rattachement r ON r.annee = a.annee AND r.cod_elp = o.cod_elp;
