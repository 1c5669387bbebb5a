"""SQL on the database of articles, for those who run the server: in our frame, and bounded."""

import sqlite3
from typing import Any

from datasette.database import Database, QueryInterrupted
from datasette.utils import InvalidSql, validate_sql_select

from crawler.browse.saved_results import as_csv
from crawler.text.search_query import BadQuery

MOST_ROWS = 1_000
MOST_SECONDS = 3
_LINKED = frozenset({"id", "article_id", "other_id"})  # columns of ids of articles


async def shown(database: Database, sql: str) -> dict[str, Any]:
    """Return the values of the page: the tables, and the answer to a query or what is wrong."""
    names = await database.table_names()
    values = {
        "sql": sql,
        "tables": {name: await database.table_columns(name) for name in names},
        "linked_columns": _LINKED,
        "most_rows": MOST_ROWS,
    }
    try:
        return {**values, "answer": await _answer(database, sql) if sql else None}
    except BadQuery as error:
        return {**values, "problem": error.args}


async def as_file(database: Database, sql: str) -> bytes:
    """Return the answer to a query as CSV. Raises ``BadQuery``."""
    answer = await _answer(database, sql)
    return as_csv(answer.columns, answer.rows)


async def _answer(database: Database, sql: str) -> Any:
    try:
        validate_sql_select(sql)
        return await database.execute(sql, truncate=True, log_sql_errors=False)
    except QueryInterrupted as error:
        raise BadQuery("The query took longer than {0} seconds.", MOST_SECONDS) from error
    except (InvalidSql, sqlite3.Error) as error:
        raise BadQuery("The query cannot be answered: {0}", error) from error
