"""Exit codes: what every command ends with, so that cron and scripts can tell."""

from __future__ import annotations

DONE, FAILED, USAGE, DEGRADED, BUSY = 0, 1, 2, 3, 75
"""Done; failed (nothing could be fetched, or the database gave up); wrong arguments or an unusable database; degraded (the run
did its work, but the site's health is yellow or red); another run of the site is under way."""
