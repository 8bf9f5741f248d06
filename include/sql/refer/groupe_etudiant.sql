SELECT code_groupe, code_etudiant
  FROM refer_groupe_etudiant
 WHERE annee = :annee
