"""The one family of errors of this package."""


class ReconciliationError(Exception):
    """The input of a run breaks its contract; nothing was decided."""


class InputError(ReconciliationError):
    """A table has a wrong schema, an impossible amount, or rows that nothing tells apart."""


class SoundnessError(ReconciliationError):
    """The sums of a run do not conserve money; its result must not be used."""


class MemoryOutgrownError(ReconciliationError):
    """A run needs more memory than it was given, and has no folder to spill to."""
