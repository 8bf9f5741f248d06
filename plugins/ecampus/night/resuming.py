"""What a run must know before it writes: what killed runs did without saying so, what others wrote since it read."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ecampus.changes.draft import Inputs
from ecampus.night import purpose, reading, writing
from ecampus.night.intake import Systems
from ecampus.night.news import news
from ecampus.register.lease import Lease
from ecampus.register.register import Register
from ecampus.safety import guard
from ecampus.store import archive
from ecampus.store.files import Run


def mended(
    run: Run, systems: Systems, register: Register, lease: Lease, inputs: Inputs, changes: pd.DataFrame
) -> tuple[Inputs, bool]:
    """What the plan is drawn from, once the register knows all that can be known; whether it was read again.

    It is when somebody wrote since this run read Moodle, itself before it was killed included. What the plan
    (``changes``) would make again and holds is ours still: it may be restored.
    """
    batches, existing = register.open_batches(), inputs.existing
    known = run.files.read_json("register.json")
    resumed = register.state().change != known["change"] or bool(register.batches(run.name))
    if resumed:
        run.files.write_json("register.json", known | {"resumed": True})
        owned = register.owned()
        existing = reading.again(
            run, systems, inputs, lambda found: writing.known(owned, batches, found), writing.courses(batches)
        )
    if batches:
        writing.doubt(run, writing.mend(lease, batches, existing, register.owned(), run, closing=True))
    owned = register.owned()
    inputs = replace(inputs, existing=existing, owned=owned)
    waiting = changes[changes["held"].notna()]
    if resumed:
        guard.check(inputs)
        fresh = purpose.wanted(run, inputs).changes
        waiting = fresh[fresh["unit"].isin(guard.made_again(inputs, fresh))]
    learned = news(owned, existing, archive.frames(run, "recognised"), archive.frames(run, "forgotten"), waiting)
    learned.told(lease)
    lease.commit()
    return replace(inputs, owned=learned.folded(owned)), resumed
