"""``python -m sandbox serve --data DIR`` keeps a sandbox running; ``changes`` plays a day of its life."""

import argparse
import shlex
import signal
import sys
import threading
from datetime import date
from pathlib import Path

from sandbox import changes


def main(arguments: list[str] | None = None) -> int:
    from sandbox.moodle.install import CannotPlay

    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except CannotPlay as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Une petite université en boîte.")
    commands = parser.add_subparsers(required=True, metavar="serve | changes")
    serve = commands.add_parser("serve", help="démarre le bac à sable et l'arrête au Ctrl-C")
    serve.add_argument("--size", type=int, default=20, help="nombre d'étapes, la première fois (20)")
    serve.add_argument("--moodle", help="la version de Moodle à jouer, la première fois (4.5, ou 5.1)")
    serve.set_defaults(command=_serve)
    play = commands.add_parser("changes", help="joue une journée de changements dans REFER et LDAP")
    play.set_defaults(command=_changes)
    for command in (serve, play):
        command.add_argument("--data", type=Path, required=True, help="le dossier des données")
        command.add_argument("--seed", type=int, default=1, help="la graine du hasard (1)")
    return parser


def _serve(options: argparse.Namespace) -> int:
    from sandbox.box import open_box

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with open_box(options.data, size=options.size, seed=options.seed, release=options.moodle) as box:
        for name, connection in box.connections.items():
            print(f"{name}={shlex.quote(connection)}")
        print(f"Bac à sable prêt : ecampus est sur {box.moodle.url} ; Ctrl-C l'arrête.", file=sys.stderr)
        sys.stdout.flush()
        stop.wait()
    print("Bac à sable arrêté ; ses données restent.", file=sys.stderr)
    return 0


def _changes(options: argparse.Namespace) -> int:
    if not (options.data / "refer.db").exists():
        print(f"Pas d'université dans {options.data} : lancez d'abord « make sandbox ».", file=sys.stderr)
        return 1
    played = changes.play(options.data, today=date.today(), seed=options.seed, beyond=True)
    print("\n".join(f"- {sentence}" for sentence in played.sentences))
    for sentence in played.postponed:
        print(f"- pas encore : {sentence}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
