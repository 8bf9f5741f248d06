"""Trap 2: a distance course asks for three things together: distance, télé-enseignement, a CEMU group."""

from sandbox.university.cases.facts import RULE, Case, carried, element, group, ip
from sandbox.university.cases.people import HUGO, INES, IRIS, MAYA, NOE

CASES = (
    Case(
        RULE,
        "Maya, en télé-enseignement, est dans le groupe CEMU de L1CAS201 : elle est dans L1CAS201-FOAD ; "
        "Noé est dans l'espace ordinaire.",
        element("L1CAS201", "calcul différentiel", distance=True),
        group("L1CAS201-TD1", "TD1 calcul différentiel", on=["L1CAS201"], members=[NOE]),
        group("L1CAS201-DIST", "Cours CeMu de calcul différentiel", on=["L1CAS201"], members=[MAYA]),
        ip("L1CAS201", NOE, MAYA),
    ),
    Case(
        "TELE_SANS_CEMU",
        "Maya, en télé-enseignement, n'est que dans le TD1 de L1CAS202, qui est à distance.",
        element("L1CAS202", "topologie", distance=True),
        group("L1CAS202-TD1", "TD1 topologie", on=["L1CAS202"], members=[MAYA]),
        group("L1CAS202-CEMU", "CEMU topologie", on=["L1CAS202"], members=[INES]),
        ip("L1CAS202", MAYA, INES),
    ),
    Case(
        "CEMU_SANS_TELE",
        "Noé est dans le groupe CEMU de L1CAS203 sans être inscrit en télé-enseignement.",
        element("L1CAS203", "logique", distance=True),
        group("L1CAS203-CEMU", "CEMU logique", on=["L1CAS203"], members=[NOE, INES]),
        ip("L1CAS203", NOE, INES),
    ),
    Case(
        "CEMU_SUR_PRESENTIEL",
        "L1CAS204 n'est pas à distance et a pourtant un groupe CEMU.",
        element("L1CAS204", "combinatoire"),
        group("L1CAS204-TD1", "TD1 combinatoire", on=["L1CAS204"], members=[HUGO]),
        group("L1CAS204-CEMU", "CEMU combinatoire", on=["L1CAS204"], members=[INES]),
        ip("L1CAS204", HUGO, INES),
    ),
    Case(
        "DISTANCE_SANS_CEMU",
        "L1CAS205 est à distance et n'a qu'un groupe ordinaire.",
        element("L1CAS205", "graphes", distance=True),
        group("L1CAS205-TD1", "TD1 graphes", on=["L1CAS205"], members=[IRIS]),
        ip("L1CAS205", IRIS),
    ),
    Case(
        "DISTANCE_PORTE_SEUL",
        "L1CAS206 est à distance, mais L1CAS207, qui le porte, ne l'est pas.",
        element("L1CAS206", "codes correcteurs", distance=True),
        element("L1CAS207", "théorie de l'information"),
        carried("L1CAS206", by="L1CAS207"),
        group("L1CAS207-CM", "CM théorie de l'information", on=["L1CAS206", "L1CAS207"], members=[HUGO]),
        ip("L1CAS206", HUGO),
    ),
    Case(
        RULE,
        "L1CAS208 n'est pas à distance, mais L1CAS209, qui le porte, l'est : seul le porteur compte et Inès, "
        "dans le groupe CEMU commun, est dans L1CAS209-FOAD.",
        element("L1CAS208", "simulation"),
        element("L1CAS209", "modélisation", distance=True),
        carried("L1CAS208", by="L1CAS209"),
        group("L1CAS209-TD1", "TD1 modélisation", on=["L1CAS208", "L1CAS209"], members=[IRIS]),
        group("L1CAS209-CEMU", "CEMU modélisation", on=["L1CAS208", "L1CAS209"], members=[INES]),
        ip("L1CAS208", INES, IRIS),
    ),
)
