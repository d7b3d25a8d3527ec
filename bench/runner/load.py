"""Runs the load generator."""

import json
import subprocess
from contextlib import contextmanager

from candidates import LOAD, PAYLOAD
from processes import Failed, on_core, prepare

SECONDS_BESIDE = 75  # opening, and a stall that it reports itself


def arguments(candidate, process, extra):
    ids = ",".join(map(str, process.ids()))
    return [LOAD, "--port", candidate.port, "--payload", PAYLOAD, "--cpu-of", ids, *candidate.load, *extra]


def failure(candidate, errors):
    return Failed(f"{candidate.name}: {errors.strip()[-400:] or 'the load generator ended without a word'}")


def run(candidate, process, core, extra, seconds):
    """Its figures, of a run that lasts about so many seconds."""
    command = on_core(core, arguments(candidate, process, extra))
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=seconds + SECONDS_BESIDE, start_new_session=True,
                              preexec_fn=prepare)
    except subprocess.TimeoutExpired:
        raise Failed(f"{candidate.name}: the load generator did not end in time") from None
    if done.returncode != 0 or not done.stdout:
        raise failure(candidate, done.stderr)
    return json.loads(done.stdout)


@contextmanager
def held_open(candidate, process, core, connections):
    """The figures of the opening, while the connections are open."""
    command = on_core(core, arguments(candidate, process, ["--connections", connections, "--open-only"]))
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True, start_new_session=True, preexec_fn=prepare)
    try:
        line = child.stdout.readline()  # at the latest when its time for opening is over
        if not line:
            raise failure(candidate, child.communicate()[1])
        yield json.loads(line)
    finally:
        child.stdin.close()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        child.stdout.close()
        child.stderr.close()
