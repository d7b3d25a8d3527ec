"""Measures Pushwire beside others. Started by ./bench/run, which builds what this needs."""

import argparse
import json
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import candidates as known
import machine
import plots
from measure import Plan, measure, say
from processes import Failed, set_priority
from table import Figures, text
from works import WORKS

WARM_SECONDS = 4  # a JVM's compilers


def options():
    parser = argparse.ArgumentParser(prog="bench/run", description="Measures Pushwire beside others, in turns in one run.")
    parser.add_argument("--quick", action="store_true", help="minutes instead of an hour: shorter, fewer peers")
    parser.add_argument("--works", metavar="NAME,…", help="only these of " + ", ".join(work.name for work in WORKS))
    parser.add_argument("--candidates", metavar="NAME,…", help="only these of " + ", ".join(known.ALL))
    parser.add_argument("--rounds", type=int, help="how often each is measured (5)")
    parser.add_argument("--seconds", type=float, help="of one measurement (5, quick: 1.5)")
    parser.add_argument("--connections", type=int, help="instead of the works' own")
    parser.add_argument("--priority", type=int, default=0, metavar="N",
                        help="as root, on a machine that does other things too: nice value, such as -10 (0)")
    parser.add_argument("--no-build", action="store_true", help="take Pushwire and the peers as they are built")
    parser.add_argument("--cores", default="0,1", metavar="S,L", help="of the server, of load generator and Redis (0,1)")
    parser.add_argument("--folder", type=Path, help="for table, plots and raw lines (bench/target/results/TIME)")
    parser.add_argument("--again", type=Path, metavar="RAW", help="only table and plots, of raw lines there are")
    return parser.parse_args()


def chosen(names, all_names, what):
    if names is None:
        return list(all_names)
    wanted = names.split(",")
    unknown = [name for name in wanted if name not in all_names]
    if unknown:
        sys.exit(f"There is no {what} {', '.join(unknown)}; there are {', '.join(all_names)}")
    return wanted


def plan(arguments, folder):
    server, load = map(int, arguments.cores.split(","))
    seconds = arguments.seconds or (1.5 if arguments.quick else 5)
    return Plan(arguments.rounds or 5, seconds, max(0.3, min(1.0, seconds / 3)), min(WARM_SECONDS, 4 * seconds),
                server, load, folder)


def run(arguments, folder):
    works = [work for work in WORKS if work.name in chosen(arguments.works, [work.name for work in WORKS], "work")]
    if arguments.connections:
        works = [replace(work, connections=arguments.connections) for work in works]
    wanted = chosen(arguments.candidates, known.ALL, "candidate")
    found = machine.problems(max(work.connections for work in works), arguments.cores)
    if found:
        sys.exit("\n".join(found))
    for name in wanted:
        if not known.ALL[name].is_there():
            say(f"Without {known.ALL[name].title}: {known.ALL[name].install}")
    there = [name for name in wanted if known.ALL[name].is_there()]
    lines = []
    with open(folder / "raw.jsonl", "w") as raw:
        for work in works:
            names = [*work.candidates, *([] if arguments.quick else work.peers)]
            try:
                for line in measure(work, [name for name in names if name in there], plan(arguments, folder)):
                    lines.append(line)
                    raw.write(json.dumps(line) + "\n")
                    raw.flush()
            except Failed as failed:
                say(f"  {work.name} is left out: {failed}")
    return lines


def interrupted(*ignored):
    raise KeyboardInterrupt


def main():
    arguments = options()
    signal.signal(signal.SIGTERM, interrupted)
    set_priority(arguments.priority)
    folder = arguments.folder or known.TARGET / "results" / time.strftime("%Y-%m-%dT%H-%M-%S")
    folder.mkdir(parents=True, exist_ok=True)
    if arguments.again:
        lines = [json.loads(line) for line in arguments.again.read_text().splitlines()]
        described = json.loads((arguments.again.parent / "machine.json").read_text())
    else:
        described = machine.describe()
        (folder / "machine.json").write_text(json.dumps(described, indent=2) + "\n")
        lines = run(arguments, folder)
    figures = Figures(lines)
    plots.draw(figures, folder)
    (folder / "table.md").write_text(text(figures, described))
    print(text(figures, described))
    say(f"Table, plots and raw lines are in {folder}")


try:
    main()
except KeyboardInterrupt:
    sys.exit("Interrupted; what was measured so far is in the raw lines")
