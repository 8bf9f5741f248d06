"""A directory that speaks LDAP v3 on a loopback socket and reads ``directory.db`` afresh at each search.

Reading order: ``entries`` (people as SUPANN entries), ``filters`` (search filters as predicates), ``ber`` and
``messages`` (RFC 4511 on the wire), ``server`` (operations, paging, limits, faults).
"""

from sandbox.directory.entries import BASE, BIND_DN, PASSWORD
from sandbox.directory.server import DirectoryServer, Faults, start

__all__ = ["BASE", "BIND_DN", "PASSWORD", "DirectoryServer", "Faults", "start"]
