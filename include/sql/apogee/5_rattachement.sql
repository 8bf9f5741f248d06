-- Which elements stand under which étape, at any depth. portages = 0: by lists alone; more: by way of a porté.
-- The path keeps a loop of lists or of portages from being followed for ever (what NOCYCLE does in CONNECT BY).
-- VET_REGROUPE_LSE (open links), LISTE_ELP (open lists), LSE_REGROUPE_ELP
CREATE OR REPLACE VIEW apogee_rattachement AS
WITH descente (annee, code_vet, cod_elp, fictif, portages, chemin) AS (
    SELECT v.annee, v.code, e.cod_elp, e.fictif, 0, CAST('/' || e.cod_elp || '/' AS VARCHAR2(2000))
      FROM apogee_vet v
      JOIN vet_regroupe_lse r ON r.cod_etp = v.cod_etp AND r.cod_vrs_vet = v.cod_vrs_vet
      JOIN liste_elp l ON l.cod_lse = r.cod_lse AND l.eta_lse = 'O'
      JOIN lse_regroupe_elp f ON f.cod_lse = l.cod_lse
      JOIN apogee_elp e ON e.cod_elp = f.cod_elp
     WHERE SYSDATE BETWEEN NVL(r.dat_cre_rel_lse_vet, SYSDATE - 1) AND NVL(r.dat_frm_rel_lse_vet, SYSDATE + 1)
    UNION ALL
    SELECT d.annee, d.code_vet, e.cod_elp, e.fictif, d.portages + l.portage,
           CAST(d.chemin || e.cod_elp || '/' AS VARCHAR2(2000))
      FROM descente d
      JOIN apogee_lien l ON l.annee = d.annee AND l.pere = d.cod_elp
      JOIN apogee_elp e ON e.cod_elp = l.fils
     WHERE INSTR(d.chemin, '/' || e.cod_elp || '/') = 0
)
SELECT annee, code_vet, cod_elp, MIN(portages) AS portages
  FROM descente
 WHERE fictif = 'N'
 GROUP BY annee, code_vet, cod_elp;
