-- The elements in use: open, not suspended. Fictitious ones are marked: they are no course, but lead to some.
-- ELEMENT_PEDAGOGI, NATURE_ELP
CREATE OR REPLACE VIEW apogee_elp AS
SELECT e.cod_elp,
       e.lib_elp,
       e.tem_a_dis_elp,
       NVL(n.tem_fictif, 'N') AS fictif
  FROM element_pedagogi e
  JOIN nature_elp n ON n.cod_nel = e.cod_nel
 WHERE e.eta_elp = 'O'
   AND e.tem_sus_elp = 'N';
