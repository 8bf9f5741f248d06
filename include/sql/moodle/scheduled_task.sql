SELECT disabled, faildelay, lastruntime
  FROM {prefix}task_scheduled
 WHERE classname = :classname
