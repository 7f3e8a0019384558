"""DuckDB's COPY through its sqlite extension: the arguments are database, file, columns and SQL of the schema, four for each database."""
import sqlite3
import sys
from pathlib import Path

import duckdb
import duckdb_ext

extension = next(Path(duckdb_ext.__path__[0]).glob("extensions/*/*/sqlite_scanner.duckdb_extension"))

connection = duckdb.connect(config={"allow_unsigned_extensions": "true"})
connection.execute(f"load '{extension}'")
given = sys.argv[1:]
for at in range(0, len(given), 4):
    database, file, columns, schema = given[at : at + 4]
    made = sqlite3.connect(f"{database}.db")
    made.executescript(Path(schema).read_text())
    made.close()
    connection.execute(f"attach '{database}.db' as db_{database} (type sqlite)")
    connection.execute(f"copy db_{database}.{database} ({columns}) from '{file}' (format csv, header)")
