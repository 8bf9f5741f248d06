SELECT code_etudiant, code_etape, code_element
  FROM refer_inscription_pedagogique
 WHERE annee = :annee
