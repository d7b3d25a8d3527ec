"""What the figures were measured on, and what must be there before."""

import os
import platform
import re
import resource
import subprocess

import candidates as known


def describe():
    with open("/proc/cpuinfo") as file:
        cpu = re.search(r"model name\s*:\s*(.*)", file.read())
    with open("/proc/meminfo") as file:
        memory = int(re.search(r"MemTotal:\s*(\d+)", file.read()).group(1)) / 1024**2
    return {
        "cpu": cpu.group(1) if cpu else platform.machine(),
        "cores": os.cpu_count(),
        "memory": f"{memory:.0f} GiB",
        "kernel": platform.release(),
        "commit": first_line(["git", "-C", str(known.BENCH), "describe", "--always", "--dirty"]),
        "jdk": first_line([java(), "-version"]),
        "gcc": first_line(["gcc", "--version"]),
        "redis-server": first_line(["redis-server", "--version"]),
        "node": first_line(["node", "--version"]),
        "nginx": first_line(["nginx", "-v"]),
        **npm_versions(),
        **java_versions(),
    }


def java():
    home = os.environ.get("JAVA_HOME")
    return f"{home}/bin/java" if home else "java"


def first_line(command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except FileNotFoundError:
        return "not there"
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0] if lines else "not known"


def npm_versions():
    text = (known.BENCH / "peers/node/package.json").read_text()
    return dict(re.findall(r'"([@\w./-]+)": "(\d[\d.]*)"', text))


def java_versions():
    text = (known.BENCH / "peers/java/pom.xml").read_text()
    wanted = ("tyrus-container-grizzly-server", "netty-socketio")
    found = re.findall(r"<artifactId>([^<]*)</artifactId>\s*<version>(\d[^<]*)</version>", text)
    return {name: version for name, version in found if name in wanted}


def problems(connections, cores):
    """What keeps the measurement from being made; empty if nothing does."""
    found = []
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if files < connections + 500:
        found.append(f"ulimit -Hn is {files}, {connections} connections need {connections + 500}: "
                     f"raise it (LimitNOFILE, limits.conf), or leave out the larger works with --works")
    allowed = os.sched_getaffinity(0)
    if not {int(core) for core in cores.split(",")} <= allowed:
        found.append(f"of the cores {cores} not all are there: choose two of {sorted(allowed)} with --cores")
    for path, how in ((known.LOAD, "./bench/run"), (known.LIMIT, "./bench/run"), (known.PUSHWIRE, "./run")):
        if not path.exists():
            found.append(f"{path} is not built; {how} does it")
    return found
