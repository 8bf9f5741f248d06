SELECT code, libelle, code_categorie, a_distance
  FROM refer_element
 WHERE annee = :annee
