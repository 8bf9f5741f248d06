"""What can stop a phase, as one tree; each message is one French sentence that a person can act on.

Anything that is not an ``EcampusError`` is a defect of ours and keeps its traceback.
"""


class EcampusError(Exception):
    """A sentence for staff: what happened, to which object, with which figure, what to do."""


class SourceUnreachable(EcampusError):
    """REFER, LDAP, Moodle or the enrolment table did not answer: worth a retry."""


class SourceLocked(SourceUnreachable):
    """A database gave way to another transaction (lock, deadlock): the same transaction again may well pass."""


class SourceRefused(EcampusError):
    """A system answered and refuses us (token, bind, capability, missing function): a retry changes nothing."""


class ContractBroken(EcampusError):
    """An extract does not hold what its contract says (view, column, null, duplicate, empty)."""


class TruncatedRead(EcampusError):
    """A read came back shorter than it must be; a failed read is never an empty one."""


class StoreUnusable(EcampusError):
    """The store is full, read-only, lost, or belongs to another Moodle."""


class RegisterUnusable(EcampusError):
    """Newer than this code, where it cannot live, or not the register that knows this Moodle."""


class SettingUnreadable(EcampusError):
    """A Variable, a parameter or a connection holds a value that nobody can read."""


class NightRefused(EcampusError):
    """This night cannot be run: in the future, or past and without an archive."""


class AlreadyRunning(EcampusError):
    """Another run is writing at this moment."""


class AnswerRefused(EcampusError):
    """An answer to a question that is no longer the one that was shown."""


class AdoptionRefused(EcampusError):
    """What a person named is not to be adopted or given up as it was asked."""


class RecoveryRefused(EcampusError):
    """The register and Moodle do not go together, and no journal can mend that."""


class LeaseLost(EcampusError):
    """The right to write went to another run: this one writes nothing more."""


class PreviousPhaseFailed(EcampusError):
    """The phase before this one failed in the same night."""


class MailNotSent(EcampusError):
    """A mail did not leave: whoever sends it goes on."""


class NotReady(EcampusError):
    """The preflight found what would stop or spoil a night."""


class PersonRefused(EcampusError):
    """What is kept of a person cannot be told or erased as it was asked."""


class ResidueLeft(EcampusError):
    """After the writes, Moodle still differs from what was planned."""
