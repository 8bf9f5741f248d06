-- What the roles of an account say of each capability in the context of the whole site (10): 1 allows, -1000 forbids
-- whatever another role says. Its roles are those that it was given there, and the one that everybody has.
SELECT DISTINCT c.capability, c.permission
  FROM {prefix}role_capabilities c
  JOIN {prefix}context x ON x.id = c.contextid AND x.contextlevel = 10
 WHERE c.roleid = :everybody
    OR c.roleid IN (SELECT ra.roleid
                      FROM {prefix}role_assignments ra
                      JOIN {prefix}context y ON y.id = ra.contextid AND y.contextlevel = 10
                     WHERE ra.userid = :id)
