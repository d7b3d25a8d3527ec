"""Takes the works' measurements: all candidates of a work in turns, round after round."""

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import candidates as known
import load
from processes import Failed, Processes

OPENS_TO_WARM = 20  # works of opening, for a JVM's compilers
IDLE_SECONDS = 1


@dataclass(frozen=True)
class Plan:
    rounds: int
    seconds: float
    warm: float
    jvm_warm: float  # before the first measurement
    server_core: int
    load_core: int
    folder: Path


def say(text):
    print(text, file=sys.stderr, flush=True)


def measure(work, names, plan):
    """Yields a line of raw figures for each round and candidate."""
    say(f"{work.title}: {', '.join(names)}")
    with Processes() as processes:
        servers = start(processes, names, plan)
        for name in list(servers):
            if work.kind != "heap" and not warmed_up(work, servers[name], known.ALL[name], plan):
                del servers[name]
        for number in range(1, (1 if work.kind == "heap" else plan.rounds) + 1):
            # there and back again, so that nobody always follows the same one
            for name in list(servers)[:: 1 if number % 2 else -1]:
                line = {"work": work.name, "candidate": name, "round": number}
                try:
                    yield {**line, **once(work, known.ALL[name], servers[name], plan)}
                except Failed as failed:
                    say(f"  {failed}")
                    yield {**line, "error": str(failed)}


def start(processes, names, plan):
    if any(known.ALL[name].redis for name in names):
        command = ["redis-server", "--port", known.REDIS_PORT, "--bind", "127.0.0.1", "--save", "",
                   "--appendonly", "no", "--dir", plan.folder, "--loglevel", "warning"]
        processes.start("redis", command, plan.load_core, plan.folder / "redis.log", known.REDIS_PORT)
    servers = {}
    for name in names:
        candidate = known.ALL[name]
        try:
            servers[name] = processes.start(
                name, candidate.command(candidate.port, plan.folder), plan.server_core,
                plan.folder / f"{name}.log", candidate.port, candidate.environment)
        except Failed as failed:
            say(f"  {failed}")
    return servers


def warmed_up(work, server, candidate, plan):
    # at least two: the second one meets what the first one's end has set off
    times = OPENS_TO_WARM if work.kind == "opens" and candidate.jvm else 2
    try:
        for _ in range(times):
            once(work, candidate, server, plan, plan.jvm_warm / 2 if candidate.jvm else 0)
        return True
    except Failed as failed:
        say(f"  left out, {failed}")
        return False


def once(work, candidate, server, plan, warm=None):
    server.wait_until_quiet()
    if work.kind == "opens":
        with load.held_open(candidate, server, plan.load_core, work.connections) as figures:
            return figures
    if work.kind == "heap":
        return heap(work, candidate, server, plan)
    loading = work.load
    if warm is None:
        seconds, warm = plan.seconds * work.longer, plan.warm * work.longer
    else:
        seconds = min(1, plan.seconds)
        loading = ("--outstanding", 1) if "--rate" in loading else loading  # at a low rate nothing gets warm
    extra = ["--connections", work.connections, *loading, "--warm", warm, "--seconds", seconds]
    return load.run(candidate, server, plan.load_core, extra, seconds + warm)


def heap(work, candidate, server, plan):
    """The live objects with many idle connections, less those without."""
    with load.held_open(candidate, server, plan.load_core, work.connections // 5):
        time.sleep(IDLE_SECONDS)  # what one needs once, all have then
    server.wait_until_quiet()
    before = histogram(server.child.pid)
    with load.held_open(candidate, server, plan.load_core, work.connections) as figures:
        time.sleep(IDLE_SECONDS)
        server.wait_until_quiet()
        after = histogram(server.child.pid)
    growth = {name: size - before.get(name, 0) for name, size in after.items()}
    largest = sorted(growth, key=growth.get, reverse=True)[:25]
    return {**figures,
            "heap_bytes_per_connection": sum(growth.values()) / work.connections,
            "classes": {name: round(growth[name] / work.connections, 1) for name in largest}}


def histogram(pid):
    """Bytes of live objects by class; a full collection goes before it."""
    home = os.environ.get("JAVA_HOME")
    text = subprocess.run([f"{home}/bin/jcmd" if home else "jcmd", str(pid), "GC.class_histogram"],
                          capture_output=True, text=True, timeout=60, check=False).stdout
    classes = {}
    for size, name in re.findall(r"^\s*\d+:\s+\d+\s+(\d+)\s+(\S+)", text, re.MULTILINE):
        classes[name] = classes.get(name, 0) + int(size)
    if not classes:
        raise Failed(f"jcmd has no histogram of process {pid}: {text[:200]}")
    return classes
