SELECT g.courseid AS course_id, i.groupingid AS grouping_id, i.groupid AS group_id
  FROM {prefix}groupings_groups i
  JOIN {prefix}groups g ON g.id = i.groupid
 ORDER BY 1, 2, 3
