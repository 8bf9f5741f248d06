SELECT code, libelle, code_composante
  FROM refer_etape
 WHERE annee = :annee
