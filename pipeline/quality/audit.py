"""The verdict: whether the tables of a run may replace the published ones."""

from schemas.masks import Frames

ACCOUNTING = ("records", "ledger", "rule_results")


def findings(tables: Frames, published_records: int) -> list[str]:
    """Why a run must not be published; an empty list means that it may.

    ``tables`` holds at least the tables named in ``ACCOUNTING``, of ``records`` any rows if there are any;
    ``published_records`` is the number of records that
    readers have now.
    """
    results = tables["rule_results"]
    found = [
        f"table {row['table']}: {row['says']} does not hold for {row['failures']} of {row['rows']} rows"
        for row in results[results["blocks"]].to_dict("records")
    ]
    off = tables["ledger"][tables["ledger"]["difference"] != 0]
    found += [
        f"{row['path']}: {row['difference']} {row['unit']} unaccounted for in stage {row['stage']}"
        for row in off.to_dict("records")
    ]
    if published_records and tables["records"].empty:
        found.append(
            f"no file yielded a record, and {published_records} are published; see raw_files and rejects for the "
            "reasons. To publish empty tables on purpose, remove the clean folder first"
        )
    return found
