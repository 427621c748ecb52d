"""Pages of rows: where the last one ended."""

from datetime import datetime
from uuid import UUID

Mark = tuple[datetime, UUID]
"""Time and id of the last row that was given: rows can be added meanwhile, and none is given twice or left out."""
