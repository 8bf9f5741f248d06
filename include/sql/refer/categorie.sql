SELECT code, libelle, code_parent, code_composante
  FROM refer_categorie
 WHERE annee = :annee
