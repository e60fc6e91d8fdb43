"""The canonical tables of people, contacts and attendance: each column parsed into its type, each row validated."""

from __future__ import annotations

import polars as pl

from tenfold.errors import DataError
from tenfold.people.availability import free_hours
from tenfold.people.languages import language_names, split_list
from tenfold.people.names import clean_labels
from tenfold.people.readers import cell_values
from tenfold.people.readers.cell_values import PARSED, parse_label_columns, parse_time_column
from tenfold.people.readers.identities import identify_list, identify_mentions, with_full_name
from tenfold.people.readers.person_lists import SEPARATORS, list_people, one_spelling
from tenfold.people.readers.raw_table import ROW_NUMBER
from tenfold.people.readers.row_validation import RowValidator
from tenfold.people.readers.statuses import StatusWord, read_statuses
from tenfold.people.readers.vocabulary import normalise_header, total_words
from tenfold.people.roster import PEOPLE_SCHEMA
from tenfold.people.zones import zone_name

__all__ = ["parse_attendance", "parse_contacts", "parse_people"]

CONTACTS = ("time", "a", "b", "kind", "minutes", "group", "source")
CIVICRM_HEADERS = ("statusid", "participantstatusid")
ATTENDANCE = ("event", "start", "person", "minutes", "status")


def parse_contacts(rows: RowValidator, mapping: dict[str, str]) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """`time`, `a`, `b` and, where there are, `kind`, `minutes`, `group`, `source`; one row a pair."""
    _skip_totals(rows, "a")
    parse_time_column(rows, "time", clock="clock" if "clock" in rows.frame.columns else None)
    cell_values.parse_minutes_column(rows, mapping.get("minutes", "minutes"))
    for column, other in (("a", "b"), ("b", "a")):
        _explode_people(rows, column, other)
    a, b = one_spelling(rows.frame["a"], rows.frame["b"])
    rows.frame = rows.frame.with_columns(a.alias("a"), b.alias("b"))
    same = rows.frame["a"] == rows.frame["b"]
    rows.reject(same, "is in contact with oneself", "a", "expected two different people. Correct one of them")
    return _select(rows, CONTACTS, ("kind", "group", "source")), None


def parse_attendance(
    rows: RowValidator, mapping: dict[str, str], *, register: bool = False
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """`event`, `start`, `person` and, where there are, `minutes` and `status`; one row a person and event; and the people it names."""
    rows.frame = with_full_name(rows.frame)
    naming = [name for name in ("person", "name", "email") if name in rows.frame.columns]
    if not register:
        _skip_totals(rows, *(name for name in ("name", "person") if name in naming))
    if "person" in naming and "name" in naming and _is_row_id(rows.frame["person"], rows.frame["name"]):
        rows.notes.append(f"'{mapping.get('person', 'id')}' numbers the rows and is not used")
        rows.frame, naming = rows.frame.drop("person"), naming[1:]
    rows.frame = rows.frame.with_columns(pl.coalesce(pl.col(name).cast(pl.String) for name in naming).alias("person"))
    if register:
        _skip_homonyms(rows)
    parse_label_columns(rows, *(("event", "person") if "event" in rows.frame.columns else ("person",)))
    named = identify_mentions(
        rows.frame, {"label": "person"} | {key: key for key in ("name", "email") if key in rows.frame.columns}
    )
    _parse_starts(rows)
    cell_values.parse_minutes_column(rows, mapping.get("minutes", "minutes"))
    if "absent" in rows.frame.columns and "status" not in rows.frame.columns:
        _skip_marked_absent(rows, mapping["absent"])
    if "status" in rows.frame.columns:
        _skip_absent(rows, mapping.get("status", "status"), register=register)
    if naming == ["person"] and "name" not in rows.frame.columns:
        _explode_people(rows, "person", None)
        named = named.filter(pl.col("label").is_in(rows.frame["person"].unique().implode()))
    if not {"name", "email"} & set(naming):
        (person,) = one_spelling(rows.frame["person"])
        rows.frame = rows.frame.with_columns(person.alias("person"))
        named = named.filter(pl.col("label").is_in(person.unique().implode())) if not register else named
    rows.frame = rows.frame.with_columns(_without_moment(rows.frame).alias("event"))
    if "join" in rows.frame.columns or "leave" in rows.frame.columns:
        _add_up_rejoins(rows)
    return _select(rows, ATTENDANCE, ("status",)), named


def parse_people(rows: RowValidator) -> tuple[pl.DataFrame, None]:
    """The columns of `PEOPLE_SCHEMA` that are there; `id` is made where the file has none."""
    rows.frame = with_full_name(rows.frame)
    _skip_totals(rows, *(name for name in ("name", "id") if name in rows.frame.columns))
    if "id" in rows.frame.columns:
        parse_label_columns(rows, "id")
        _reject_repeated_ids(rows)
    else:
        _make_ids(rows)
    for column in ("can_mentor", "consent"):
        if column in rows.frame.columns:
            cell_values.parse_boolean_column(rows, column)
    for column in ("capacity", "degree"):
        if column in rows.frame.columns:
            cell_values.parse_count_column(rows, column)
    for column in ("joined", "paused_until"):
        if column in rows.frame.columns:
            joined = column == "joined"
            parse_time_column(rows, column, future=not joined, required=False, lenient=joined)
            rows.set_column(rows.frame[column].dt.date())
    for column in ("timezone", "availability"):
        if column in rows.frame.columns:
            _validate_values(rows, column)
    for column, change in (("language", language_names), ("aliases", lambda text: "|".join(split_list(text)))):
        if column in rows.frame.columns:
            text = clean_labels(rows.frame[column])
            values = {value: change(value) for value in text.unique().drop_nulls()}
            rows.set_column(text.replace(values).alias(column))
    return _select(rows, tuple(PEOPLE_SCHEMA), tuple(name for name, kind in PEOPLE_SCHEMA.items() if kind == pl.String)), None


def _select(rows: RowValidator, columns: tuple[str, ...], texts: tuple[str, ...]) -> pl.DataFrame:
    """The canonical columns that the file has; those in `texts` as text."""
    return rows.frame.select(
        pl.col(name).cast(pl.String) if name in texts else pl.col(name) for name in columns if name in rows.frame.columns
    )


def _skip_totals(rows: RowValidator, *columns: str) -> None:
    """Leave out rows that sum up the rows above them."""
    for column in columns:
        given = rows.frame[column]
        if given.dtype == pl.String:
            words = {one for one in given.tail(3).drop_nulls() if normalise_header(one) in total_words()}
            last = pl.Series(range(rows.frame.height)) >= rows.frame.height - 3
            rows.skip(given.is_in(list(words)) & last, "sums up the rows above")


def _explode_people(rows: RowValidator, column: str, other: str | None) -> None:
    """One row for each person that a cell names, by clean labels."""
    if rows.frame[column].dtype != pl.String or not rows.frame[column].str.contains(SEPARATORS).any():
        parse_label_columns(rows, column)
        return
    listed, guesses = list_people(rows.frame[column], None if other is None else rows.frame[other].cast(pl.String))
    rows.set_column(listed.alias(PARSED))
    allowed = "expected ids with | between. Fill it in, or remove the row"
    rows.reject((rows.frame[PARSED].list.len() == 0).fill_null(False), "names nobody", column, allowed)
    rows.reject(rows.frame[PARSED].is_null(), "is empty", column, "every row needs one. Fill it in, or remove the row")
    rows.remarks.guesses += [f"{column}: {guess}" for guess in guesses]
    rows.frame = rows.frame.drop(column).rename({PARSED: column}).explode(column)


def _is_row_id(person: pl.Series, name: pl.Series) -> bool:
    """Whether a column of ids numbers the rows: no two are equal, though names are."""
    return person.null_count() == 0 and person.n_unique() == len(person) > name.n_unique()


def _skip_homonyms(rows: RowValidator) -> None:
    """Leave out the rows of a register whose name another row has, too: nobody can tell whose marks they are."""
    per_row = rows.frame.select(ROW_NUMBER, "person").unique()
    if per_row[ROW_NUMBER].n_unique() < per_row.height:  # a row for each day: its columns are the people
        return
    shared = per_row.filter(pl.col("person").is_duplicated() & pl.col("person").is_not_null())
    if shared.height:
        names = shared["person"].unique(maintain_order=True).sort().to_list()
        listed = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        rows.remarks.questions.append(
            f"{listed}: the register has several rows of this name, and nothing tells them apart; they are left out. "
            "Give them a column with ids, or an initial"
        )
        rows.skip(rows.frame["person"].is_in(names), "has the name of another row")


def _parse_starts(rows: RowValidator) -> None:
    """When each gathering began: as the file says, or when the first person came on that day."""
    clock = "clock" if "clock" in rows.frame.columns else None
    if "start" in rows.frame.columns:
        parse_time_column(rows, "start", clock=clock)
    if "join" in rows.frame.columns:
        for column in ("join", "leave"):
            if column in rows.frame.columns:
                if column == "join" and "start" not in rows.frame.columns:
                    rows.skip(rows.frame[column].is_null(), "did not come")
                parse_time_column(rows, column, required=False)
    if "start" not in rows.frame.columns:
        groups = ["event", pl.col("join").dt.date()] if "event" in rows.frame.columns else [pl.col("join").dt.date()]
        rows.frame = rows.frame.with_columns(start=pl.col("join").min().over(groups))
        rows.remarks.guesses.append("start: of each day and gathering, when the first person came")


def _skip_absent(rows: RowValidator, header: str, *, register: bool) -> None:
    """Leave out who was not there, and count the words."""
    own = normalise_header(header) == "status"
    text = clean_labels(rows.frame["status"])
    given = dict(rows.context.statuses)
    if normalise_header(header) in CIVICRM_HEADERS and text.drop_nulls().str.contains(r"^[0-9]+$").all():
        given = {str(code): code == 2 for code in range(1, 16)} | given
        rows.remarks.guesses.append("status: of the numbers of CiviCRM, 2 attended and the others did not")
    there, words = read_statuses(text, given, ticks=not own, register=register)
    rows.remarks.statuses += words
    unknown = [one for one in words if one.there is None]
    rows.set_column(text.alias("status"))
    if unknown:
        listed = ", ".join(f"'{one.word}' ({one.rows:,})" for one in unknown[:5]) + (", …" if len(unknown) > 5 else "")
        allowed = f'say which of {listed} were there: --status "{unknown[0].word}=there" or "…=away"'
        rows.set_column(there.alias(PARSED))
        rows.reject(there.is_null(), "is no known word of attendance", "status", allowed)
        there = rows.frame[PARSED]
        rows.frame = rows.frame.drop(PARSED)
    rows.skip(~there, "did not attend")
    if register and "status" in rows.frame.columns:
        rows.frame = rows.frame.drop("status")


def _skip_marked_absent(rows: RowValidator, header: str) -> None:
    """Leave out who has a mark in a column that is called absent, or the like."""
    marked, words = read_statuses(clean_labels(rows.frame["absent"]), rows.context.statuses, ticks=True, register=True)
    rows.remarks.statuses += [
        StatusWord(f"{header}: {one.word or '(empty)'}", one.rows, None if one.there is None else not one.there, True)
        for one in words
    ]
    rows.reject(marked.is_null(), "is neither a mark nor none", "absent", "expected x or nothing. Correct it")
    rows.skip(marked.filter(marked.is_not_null()) if rows.skip_bad else marked, "did not attend")


def _without_moment(frame: pl.DataFrame) -> pl.Series:
    """The names of gatherings, without the moment that exports of Tenfold once added to them."""
    suffix = pl.format(" @ {}", pl.col("start").dt.to_string("%Y-%m-%dT%H:%M:%SZ"))
    return frame.select(
        pl.when(pl.col("event").str.ends_with(suffix)).then(pl.col("event").str.head(-23)).otherwise(pl.col("event"))
    ).to_series()


def _add_up_rejoins(rows: RowValidator) -> None:
    """One row for each person and gathering: the minutes of all times that somebody came are added up."""
    keys = ["event", "start", "person"]
    if "minutes" not in rows.frame.columns and {"join", "leave"} <= set(rows.frame.columns):
        rows.frame = rows.frame.with_columns(minutes=(pl.col("leave") - pl.col("join")).dt.total_seconds() / 60)
    before = rows.frame.height
    summed = [pl.col("minutes").sum()] if "minutes" in rows.frame.columns else []
    rest = [name for name in rows.frame.columns if name not in (*keys, "minutes")]
    rows.frame = rows.frame.group_by(keys, maintain_order=True).agg(*(pl.col(name).first() for name in rest), *summed)
    if before > rows.frame.height:
        rows.skipped["came again, added to the first row"] = before - rows.frame.height


def _reject_repeated_ids(rows: RowValidator) -> None:
    ids = rows.frame["id"]
    later = ~ids.is_first_distinct()
    if later.any():
        same = rows.frame.filter(ids == ids.filter(later)[0])[ROW_NUMBER]
        found = ", ".join(str(row) for row in same[:4]) + (", …" if len(same) > 4 else "")
        rows.reject(
            later, "stands twice", "id", f"ids must differ (rows {found}). Remove one of the rows, or give it an id of its own"
        )


def _make_ids(rows: RowValidator) -> None:
    """Ids from names, and what tells apart those who share one."""
    identified = identify_list(rows.frame)
    rows.frame = rows.frame.with_columns(identified.labels.alias("id"), identified.repeats.alias(PARSED))
    column = "name" if "name" in rows.frame.columns else "email"
    rows.reject(rows.frame["id"].is_null(), "is empty", column, "every row needs one. Fill it in, or remove the row")
    rows.remarks.questions += identified.questions
    rows.remarks.guesses += identified.guesses
    repeats = rows.frame[PARSED]
    if repeats.any():
        rest = [name for name in rows.frame.columns if name not in ("id", ROW_NUMBER, PARSED)]
        filled = rows.frame.group_by("id", maintain_order=True).agg(
            pl.col(ROW_NUMBER).first(), *(pl.col(name).drop_nulls().first() for name in rest)
        )
        rows.skipped["stands twice"] = int(repeats.sum())
        rows.frame = filled
    else:
        rows.frame = rows.frame.drop(PARSED)


def _validate_values(rows: RowValidator, column: str) -> None:
    """Reject each distinct zone or availability that cannot be parsed."""
    wrong: dict[str, str] = {}
    known: dict[str, str] = {}
    rows.set_column(rows.frame[column].cast(pl.String))
    for value in rows.frame[column].unique(maintain_order=True).drop_nulls():
        try:
            if column == "timezone":
                known[value] = zone_name(value)
            else:
                free_hours(value, None, rows.context.now)
        except DataError as error:
            wrong[value] = str(error)
            if not rows.skip_bad:
                break
    rows.reject_values(wrong, column)
    rows.set_column(rows.frame[column].replace(known).alias(column))
