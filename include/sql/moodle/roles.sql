SELECT shortname
  FROM {prefix}role
