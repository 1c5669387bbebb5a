"""How the ledger's tables came to be, step by step; a new ledger goes through all of them.

Each step is a file beside this one. A step is never changed once it has landed: ledgers of every
earlier version are on disks.
"""

from importlib.resources import files

_STEPS = sorted(
    (file for file in files(__name__).iterdir() if file.name.endswith(".sql")),
    key=lambda file: file.name,
)
MIGRATIONS = tuple(file.read_text("utf-8") for file in _STEPS)
SCHEMA_VERSION = len(MIGRATIONS)
