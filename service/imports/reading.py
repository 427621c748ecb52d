"""Rows of a source as records, or as the errors that keep them out."""

from collections.abc import Iterator
from pathlib import Path

from service.errors import UnusableFile
from service.imports.mapping import ColumnMapping, Form, apply, mapping_by_name
from service.imports.sources import Source, SourceRow, read_path, read_source
from service.interchange import OpportunityRecord, Record, Row, RowError, SeekerRecord, checked

_RECORDS: dict[Form, type[Record]] = {Form.SEEKERS: SeekerRecord, Form.OPPORTUNITIES: OpportunityRecord}


def read_rows(path: Path) -> Iterator[Row | list[RowError]]:
    """Every row of a file in the interchange format. The file is read at once.

    Raises:
        UnusableFile: the file cannot be read, or is a table whose columns are named otherwise.
    """
    source = read_source(*read_path(path))
    mapping = usable_mapping(source, None, None)
    return (read_row(source, row, mapping, None) for row in source.rows)


def usable_mapping(source: Source, mapping: ColumnMapping | None, form: Form | None) -> ColumnMapping | None:
    """The mapping for a source: the given one, or that of columns named as the fields are; None where rows need none.

    Raises:
        UnusableFile: it is a table of which Passend does not know the columns.
    """
    if source.columns is None:
        return None
    found = mapping or mapping_by_name(source.columns, form)
    if found is None:
        raise UnusableFile(
            f"{source.name}: de kolommen heten anders dan de velden van Passend. Maak eerst een indeling: "
            f"passend import-mapping {source.name} --output indeling.json, kijk die na, en geef haar mee met --mapping."
        )
    return found.model_copy(update={"form": form}) if form else found


def read_row(source: Source, row: SourceRow, mapping: ColumnMapping | None, form: Form | None) -> Row | list[RowError]:
    """One row of a source as a record, or its errors; `form` counts for rows without a mapping."""
    if row.problem:
        return [RowError(source.name, row.line, "", row.problem)]
    if mapping is None:
        return checked(source.name, row.line, row.content, _RECORDS[form] if form else None)
    applied = apply(mapping, row.content)
    result = checked(source.name, row.line, applied.raw, _RECORDS[mapping.form])
    if not applied.problems:
        return Row(row.line, result.record, applied.ignored) if isinstance(result, Row) else result
    errors = [RowError(source.name, row.line, field, message) for field, message in applied.problems]
    return errors if isinstance(result, Row) else errors + result
