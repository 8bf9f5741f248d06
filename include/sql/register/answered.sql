INSERT INTO ecampus_answer(answered, phase, question, state, night, units, who, why)
SELECT {clock}, :phase, :question, :state, :night, :units, :who, :why
  FROM ecampus_register
