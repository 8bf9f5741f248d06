SELECT code_etudiant, code_etape, tele_enseignement
  FROM refer_inscription_administrative
 WHERE annee = :annee
