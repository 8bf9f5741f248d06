"""What differs between the releases of Moodle that the contract knows: 4.5 and 5.1, debugging off."""

from __future__ import annotations

from dataclasses import dataclass

NAMING = {"invalidrecord", "invaliduser"}
"""Errorcodes of 4.5 that tell which table lacks the record."""


@dataclass(frozen=True)
class Release:
    """``number``: (4, 5), (5, 1)…"""

    number: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Release:
        """``text``: as ``core_webservice_get_site_info`` writes it, 4.5.6 (Build: 20250811)."""
        return cls(tuple(int(part) for part in text.split()[0].rstrip("+").split(".")[:2]))

    @property
    def five(self) -> bool:
        return self.number >= (5, 0)

    def error(self, code: str) -> str:
        """The errorcode, or warning, that 4.5 calls ``code``."""
        return "invalidrecordunknown" if self.five and code in NAMING else code

    @property
    def fullname(self) -> int:
        """The characters that the full name of a course may have."""
        return 1333 if self.five else 254
