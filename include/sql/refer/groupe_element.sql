SELECT code_groupe, code_element
  FROM refer_groupe_element
 WHERE annee = :annee
