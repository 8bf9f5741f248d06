-- What hangs under an element: the elements of its open lists, and its porteur, which is taught in its place.
-- ELP_REGROUPE_LSE (open links), LISTE_ELP (open lists), LSE_REGROUPE_ELP; ELP_PORTEUR_PORTE (per year)
CREATE OR REPLACE VIEW apogee_lien AS
SELECT a.annee, p.cod_elp AS pere, f.cod_elp AS fils, 0 AS portage
  FROM apogee_annee a
 CROSS JOIN elp_regroupe_lse p
  JOIN liste_elp l ON l.cod_lse = p.cod_lse AND l.eta_lse = 'O'
  JOIN lse_regroupe_elp f ON f.cod_lse = l.cod_lse
 WHERE SYSDATE BETWEEN NVL(p.dat_cre_rel_lse_elp, SYSDATE - 1) AND NVL(p.dat_frm_rel_lse_elp, SYSDATE + 1)
UNION ALL
SELECT a.annee, p.cod_elp_porte, p.cod_elp_porteur, 1
  FROM apogee_annee a
  JOIN elp_porteur_porte p ON p.cod_anu = a.annee;
