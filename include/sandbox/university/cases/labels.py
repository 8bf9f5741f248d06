"""Labels as people paste them, and names that are too long."""

from sandbox.university.cases.facts import RULE, Case, category, element, etape, group, ip
from sandbox.university.cases.people import GUY

_LONG = "très " * 395 + "long intitulé"

CASES = (
    Case(
        "LIBELLE_TRONQUE",
        "M1CAS201, un de ses groupes, une catégorie et une étape ont des libellés de 2 000 caractères.",
        element("M1CAS201", f"séminaire {_LONG} 終", "MCAS1_1", distance=True),
        group("M1CAS201-TD1", f"TD1 {_LONG}", on=["M1CAS201"], members=[GUY]),
        group("M1CAS201-CEMU", f"CEMU {_LONG}", on=["M1CAS201"]),
        category("MCAS2_1", f"master {_LONG}", "MCAS", "DROIT"),
        etape("MCAS2_1", f"master {_LONG}", "DROIT"),
        ip("M1CAS201", GUY, etape="MCAS1_1"),
    ),
    Case(
        RULE,
        "Guillemets, apostrophes et « & » restent tels quels.",
        element("M1CAS202", "l'œuvre d'art : \"droit\" & «économie» du marché d'aujourd’hui", "MCAS1_1"),
        group("M1CAS202-TD1", "TD1 «art & droit»", on=["M1CAS202"], members=[GUY]),
    ),
    Case(
        RULE,
        "Les balises HTML deviennent ‹ et ›.",
        element("M1CAS203", "<b>fiscalité</b> si x < 3 <script>alert(1)</script>", "MCAS1_1"),
        group("M1CAS203-TD1", "TD1 <i>fiscalité</i>", on=["M1CAS203"], members=[GUY]),
    ),
    Case(RULE, "Un emoji reste.", element("M1CAS204", "droit du sport 🏃‍♀️⚖️", "MCAS1_1")),
    Case(
        RULE,
        "Tabulations, retours à la ligne et espaces insécables deviennent une espace ; "
        "les caractères de contrôle disparaissent.",
        element("M1CAS205", "  droit\tdes\r\nassurances\u00a0 \x07et du\x00 crédit\x1b ", "MCAS1_1"),
        group("M1CAS205-TD1", "\tTD1\x08 assurances ", on=["M1CAS205"], members=[GUY]),
    ),
    Case(
        RULE,
        "Un libellé qui imite une entité HTML ou un espace archivé reste ce qu'il est.",
        element("M1CAS206", "ex_ &amp; &lt;droit&gt; 100 % écrit", "MCAS1_1"),
    ),
)
