SELECT {columns}
  FROM {table}
