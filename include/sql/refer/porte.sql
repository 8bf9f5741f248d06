SELECT code_porte, code_porteur
  FROM refer_porte
 WHERE annee = :annee
