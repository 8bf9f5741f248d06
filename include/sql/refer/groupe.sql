SELECT code, libelle, code_collection
  FROM refer_groupe
 WHERE annee = :annee
