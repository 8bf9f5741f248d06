"""What Airflow loads of the pages in each of its processes, tasks included."""

from __future__ import annotations

import subprocess
import sys

LOADED = """
import sys
import ecampus_ui
plugin = ecampus_ui.EcampusPages()
plugin.fastapi_apps, plugin.external_views, plugin.react_apps
print(sorted({name.partition(".")[0] for name in sys.modules} & {"ecampus", "fastapi", "jinja2", "pandas"} - before))
"""


def test_the_plugin_makes_nothing_before_the_first_visit():
    script = f"import sys, airflow.plugins_manager, airflow.configuration; before = {{name.partition('.')[0] for name in sys.modules}}{LOADED}"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    assert told.stdout.splitlines()[-1] == "[]"


def test_what_airflow_shows_of_us_is_in_no_address_that_could_refuse():
    from ecampus_ui import EcampusPages

    within = [view["icon"] for view in EcampusPages.external_views] + [
        app["bundle_url"] for app in EcampusPages.react_apps
    ]
    assert {address.partition(",")[0] for address in within} == {"data:image/svg+xml", "data:text/javascript"}
