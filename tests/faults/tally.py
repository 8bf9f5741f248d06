"""What was injected, compared and found, in lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from faults.kinds import DATABASE, DISK, INSTEAD, LDAP, LIES, LOST, PROCESS, REFER, TABLE
from faults.night import Result

ROWS = {
    "processes": PROCESS,
    "answers that are not Moodle's, and the call is not made": INSTEAD,
    "calls that are made, and whose answer is lost": LOST,
    "answers of Moodle's to another call": LIES,
    "LDAP": LDAP,
    "REFER": REFER,
    "enrolment table and register": TABLE,
    "Moodle's own database": DATABASE,
    "the store's disk": DISK,
    "put back from the evening before": ("register restored", "moodle restored"),
    "in between": ("meanwhile login", "meanwhile task", "meanwhile hand"),
}


def told(result: Result) -> Iterator[str]:
    """One schedule."""
    state = "DIFFERS" if result.differences else "ok"
    yield f"{state:7} {result.seconds:5.1f} s  {result.schedule}"
    for difference in result.differences:
        yield f"        {difference}"


def table(results: list[Result], seconds: float) -> Iterator[str]:
    """All of them, as Markdown."""
    counts: Counter[str] = Counter()
    for result in results:
        counts += result.counts
    differ = [result for result in results if result.differences]
    yield from ("", "| | |", "| --- | --- |")
    yield f"| schedules | {counts['schedules']} |"
    for title, names in ROWS.items():
        found = {name: counts[name] for name in names if counts[name]}
        yield f"| {title} | {sum(found.values())}: {', '.join(f'{name} {number}' for name, number in found.items())} |"
    yield f"| accidents that found nothing to strike | {counts['not struck']} |"
    yield f"| tasks that stopped | {counts['tasks stopped']} |"
    yield f"| calls to Moodle | {counts['calls']:,} |"
    yield f"| states compared | {counts['states compared']:,} |"
    yield f"| schedules that differ | {len(differ)} |"
    yield f"| seconds | {seconds:,.0f}, {sum(result.seconds for result in results) / max(1, len(results)):.1f} a schedule |"
    for result in differ:
        yield f"make faults SEEDS=1 FROM={result.schedule.seed}"
