-- Which element of the year is taught inside which. A porteur that is not in use stays: it is worth an anomaly.
-- ELP_PORTEUR_PORTE
CREATE OR REPLACE VIEW refer_porte AS
SELECT p.cod_anu AS annee,
       p.cod_elp_porte AS code_porte,
       p.cod_elp_porteur AS code_porteur
  FROM elp_porteur_porte p
  JOIN refer_element e ON e.annee = p.cod_anu AND e.code = p.cod_elp_porte;
