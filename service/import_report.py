"""What happened to each row of an import, as counts and errors, and the file of rejected rows."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from service.db.imports import Job
from service.imports.mapping import REASON_COLUMN
from service.interchange import RowError
from service.render import Json


@dataclass
class ImportReport:
    """What happened to each row.

    Attributes:
        rejected: rows that were not taken over; `errors` says why, with one or more for each.
        jobs: numbers of the import jobs.
        repeated: rows followed closely by another row with the same id, which counts instead.
        ignored: fields that are not in the format and were not read, with how often they occurred.
        approximate: rows whose postcode was not known, so that the place stands in; `nowhere` when that was not known either.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    rejected: int = 0
    errors: list[RowError] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    approximate: list[str] = field(default_factory=list)
    nowhere: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Number of rows that were read."""
        return self.added + self.updated + self.unchanged + self.repeated + self.rejected

    def to_json(self) -> Json:
        """The report as plain data."""
        return {
            "rows": self.rows,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "repeated": self.repeated,
            "errors": [asdict(error) for error in self.errors],
            "ignored": dict(self.ignored),
            "approximate": self.approximate,
            "nowhere": self.nowhere,
            "jobs": self.jobs,
        }


@dataclass(frozen=True)
class RejectedFile:
    """Rejected rows as a file to correct and hand in again."""

    name: str
    media_type: str
    content: bytes


def report_of(job_id: str, rows: Iterable[Mapping[str, Any]], ignored: Mapping[str, int]) -> ImportReport:
    """The report of one job, from what was noted of each row."""
    rows = list(rows)
    counts = Counter(row["outcome"] for row in rows)
    return ImportReport(
        added=counts["added"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        repeated=counts["repeated"],
        rejected=counts["rejected"],
        errors=[RowError(**error) for row in rows if row["errors"] for error in json.loads(row["errors"])],
        ignored=Counter(dict(ignored)),
        approximate=[row["record_id"] for row in rows if row["located"] == "approximate"],
        nowhere=[row["record_id"] for row in rows if row["located"] == "nowhere"],
        jobs=[job_id],
    )


def combined(reports: Sequence[ImportReport]) -> ImportReport:
    """One report over several files."""
    return ImportReport(
        added=sum(report.added for report in reports),
        updated=sum(report.updated for report in reports),
        unchanged=sum(report.unchanged for report in reports),
        repeated=sum(report.repeated for report in reports),
        rejected=sum(report.rejected for report in reports),
        errors=[error for report in reports for error in report.errors],
        ignored=sum((report.ignored for report in reports), Counter()),
        approximate=[one for report in reports for one in report.approximate],
        nowhere=[one for report in reports for one in report.nowhere],
        jobs=[one for report in reports for one in report.jobs],
    )


def rejected_file(file_name: str, columns: Sequence[str] | None, rows: Sequence[tuple[Any, list[str]]]) -> RejectedFile:
    """The rejected rows with the same columns and the reason: CSV for a table, JSON Lines for other files.

    Args:
        rows: each row as it stood in the file, with its reasons.
    """
    stem = file_name.rpartition(".")[0] or file_name
    if columns is None:
        lines = "".join(_json_line(content, reasons) for content, reasons in rows)
        return RejectedFile(f"{stem}-afgewezen.jsonl", "application/x-ndjson", lines.encode())
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";")
    writer.writerow([*columns, REASON_COLUMN])
    writer.writerows([*(content.get(column, "") for column in columns), " ".join(reasons)] for content, reasons in rows)
    return RejectedFile(f"{stem}-afgewezen.csv", "text/csv", written.getvalue().encode("utf-8-sig", "replace"))


def _json_line(content: Any, reasons: list[str]) -> str:
    row = content if isinstance(content, dict) else {"rij": content}
    return json.dumps({**row, REASON_COLUMN: " ".join(reasons)}, ensure_ascii=True) + "\n"


def job_json(job: Job) -> Json:
    """A job as plain data."""
    return {
        "id": str(job.id),
        "file": job.file_name,
        "status": job.status,
        "rows": job.rows_total,
        "done": job.rows_done,
        "createdAt": job.created_at.isoformat(),
        "updatedAt": job.updated_at.isoformat(),
        "finishedAt": job.finished_at.isoformat() if job.finished_at else None,
        "ignored": job.ignored,
        "mapping": job.mapping,
    }
