"""Times as people in the Netherlands read them; everything is kept with its zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Amsterdam")


def here(moment: date | str) -> date:
    """A moment on the clock here, also when it is written as ISO 8601; a day stays that day."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
    return moment.astimezone(HERE) if isinstance(moment, datetime) else moment
