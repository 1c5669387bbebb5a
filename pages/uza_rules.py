"""What text code must know of UzA."""

from pages.uza import RULES as RULES
