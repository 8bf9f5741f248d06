-- The elements of the year, each in its host étape: the one that carries its charge if it is open in the year,
-- else the first by code of those that hold it, else (a porteur that no list holds) the first of its portés'.
-- ELEMENT_PEDAGOGI, ELP_CHARGE_ENS
CREATE OR REPLACE VIEW refer_element AS
SELECT r.annee,
       e.cod_elp AS code,
       e.lib_elp AS libelle,
       COALESCE(
           MIN(h.code),
           MIN(CASE WHEN r.portages = 0 THEN r.code_vet END),
           MIN(r.code_vet)
       ) AS code_categorie,
       MAX(CASE WHEN d.cod_elp IS NULL THEN 'N' ELSE 'O' END) AS a_distance
  FROM apogee_rattachement r
  JOIN apogee_elp e ON e.cod_elp = r.cod_elp
  LEFT JOIN elp_charge_ens c ON c.cod_anu = r.annee AND c.cod_elp = r.cod_elp
  LEFT JOIN apogee_vet h ON h.annee = c.cod_anu
                        AND h.cod_etp = c.cod_etp_porteuse
                        AND h.cod_vrs_vet = c.cod_vrs_vet_porteuse
  LEFT JOIN apogee_distance d ON d.annee = r.annee AND d.cod_elp = r.cod_elp
 GROUP BY r.annee, e.cod_elp, e.lib_elp;
