SELECT code_activite, code_element, code_enseignant, origine, obsolete, seances, premiere_seance
  FROM refer_seance_ade
 WHERE annee = :annee
