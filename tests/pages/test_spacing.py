"""No line of a page begins with a colon or ends with an opening quotation mark."""

from __future__ import annotations

import pytest

from ecampus.pages.spacing import spaced


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<h1>Non : « algèbre » ; 2 % de 12 916 !</h1>", "<h1>Non~: «~algèbre~»~; 2~% de 12~916~!</h1>"),
        ('<a title="Pourquoi ?">pourquoi ?</a>', '<a title="Pourquoi~?">pourquoi~?</a>'),
        ("<p>22900101 L1CAS101, 3 cours</p>", "<p>22900101 L1CAS101, 3 cours</p>"),
        ("<pre>a : b</pre> : <code>c ?</code> ?", "<pre>a : b</pre>~: <code>c ?</code>~?"),
        (
            '<textarea id="faits">Question : « a »\nb ?</textarea>',
            '<textarea id="faits">Question : « a »\nb ?</textarea>',
        ),
    ],
)
def test_the_spaces_of_french_do_not_break_but_in_what_is_to_be_copied(typed, shown):
    assert spaced(typed).replace("\u00a0", "~") == shown
