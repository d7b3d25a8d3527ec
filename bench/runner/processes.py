"""Child processes: pinned to a core, bounded in time, and gone at the end whatever happens."""

import ctypes
import os
import signal
import socket
import subprocess
import time

DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG
START_SECONDS = 30
STOP_SECONDS = 5
QUIET_SECONDS = 10

LIBC = ctypes.CDLL(None)
priority = 0


class Failed(Exception):
    """Something could not be started or measured; the text says what and why."""


def on_core(core, command):
    return ["taskset", "-c", str(core), *map(str, command)]


def prepare():
    """In the child: ends with this process. Its session goes before others if it is told to."""
    LIBC.prctl(DIES_WITH_PARENT, signal.SIGKILL)
    if priority:
        os.setpriority(os.PRIO_PROCESS, 0, priority)
        # where sessions share the cores, that counts within one only
        if os.path.exists("/proc/self/autogroup"):
            with open("/proc/self/autogroup", "w") as group:
                group.write(str(priority))


def set_priority(nice):
    global priority
    priority = nice


class Process:
    """A server in a session of its own, so that it ends with all that it has started."""

    def __init__(self, name, command, core, log, environment=None):
        self.name = name
        self.log = log
        with open(log, "ab") as output:
            self.child = subprocess.Popen(
                on_core(core, command), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**os.environ, **(environment or {})}, start_new_session=True, preexec_fn=prepare)

    def wait_for(self, port):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.child.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return self
            except OSError:
                time.sleep(0.05)
        self.stop()
        raise Failed(f"{self.name} does not listen on port {port}; its log is {self.log}")

    def ids(self):
        """Its process and all that it has started, oldest first."""
        found = []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.getsid(int(name)) == self.child.pid:
                    found.append(int(name))
            except OSError:
                pass  # it has ended meanwhile
        return sorted(found)

    def cpu_seconds(self):
        ticks = 0
        for pid in self.ids():
            try:
                with open(f"/proc/{pid}/stat") as stat:
                    fields = stat.read().rpartition(")")[2].split()
                ticks += int(fields[11]) + int(fields[12])
            except OSError:
                pass
        return ticks / os.sysconf("SC_CLK_TCK")

    def wait_until_quiet(self):
        """Until what one run has left behind does not slow the next one."""
        deadline = time.monotonic() + QUIET_SECONDS
        before = self.cpu_seconds()
        while time.monotonic() < deadline:
            time.sleep(0.2)
            now = self.cpu_seconds()
            if now - before <= 0.02:
                return
            before = now

    def stop(self):
        for how in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.child.pid, how)
            except ProcessLookupError:
                pass
            try:
                self.child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue
            if not self.ids():
                return


class Processes:
    """All that is running; leaving the block stops it."""

    def __init__(self):
        self.running = []

    def start(self, name, command, core, log, port, environment=None):
        process = Process(name, command, core, log, environment)
        self.running.append(process)
        return process.wait_for(port)

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        while self.running:
            self.running.pop().stop()
