"""What is measured, and of whom; the rows of the table, with their goals."""

from dataclasses import dataclass

PEERS = ["bun", "nchan", "ws", "netty-socketio", "socket.io", "tyrus"]
CONNECTIONS = {"1k": 1_000, "10k": 10_000, "16k": 16_000}


@dataclass(frozen=True)
class Work:
    name: str
    title: str
    candidates: list
    kind: str = "deliveries"  # or opens, heap
    connections: int = 1_000
    load: tuple = ()
    longer: float = 1  # times the seconds of others
    peers: tuple = ()  # measured too, but not by --quick


def fan_out(size, outstanding, candidates, peers=()):
    return Work(f"fanout-{size}-w{outstanding}", f"{size} connections, W{outstanding}", candidates,
                connections=CONNECTIONS[size], load=("--outstanding", outstanding),
                longer=1 if size == "1k" else 2, peers=peers)


WORKS = [
    fan_out("1k", 1, ["pushwire", "limit", *PEERS]),
    fan_out("1k", 8, ["pushwire", "limit", "limit-joined", *PEERS]),
    fan_out("10k", 1, ["pushwire", "limit"], tuple(PEERS)),
    fan_out("16k", 1, ["pushwire", "limit"], ("bun", "ws")),
    Work("redis-1k-w1", "through Redis, 1k connections, W1", ["pushwire-topic", "socket.io-room"],
         load=("--outstanding", 1)),
    Work("redis-1k-w8", "through Redis, 1k connections, W8", ["pushwire-topic", "socket.io-room"],
         load=("--outstanding", 8)),
    Work("redis-unicast-10k", "through Redis, unicast to 10k users", ["pushwire-user", "socket.io-user"],
         connections=10_000, load=("--unicast", "--outstanding", 256)),
    Work("rate-1k", "20 messages/s to 1k connections", ["pushwire", "limit"], load=("--rate", 20), longer=2,
         peers=("bun", "nchan", "ws", "socket.io", "netty-socketio", "tyrus")),
    Work("heap", "10k idle connections", ["pushwire"], kind="heap", connections=10_000),
    Work("opens", "handshakes", ["pushwire", "limit", "socket.io"], kind="opens", connections=4_000),
]


@dataclass(frozen=True)
class Row:
    title: str
    work: str
    figure: str  # of the raw lines
    product: str
    peer: str  # empty: the figure itself is judged
    floor: float
    goal: float
    lower: bool = False  # is better
    over: str = ""  # a work: it is the growth of the figure since this one
    unit: str = "×"


ROWS = [
    Row("1k connections, W1, × the limit", "fanout-1k-w1", "deliveries_per_second", "pushwire", "limit", 0.70, 0.95),
    Row("1k connections, W8, × the limit", "fanout-1k-w8", "deliveries_per_second", "pushwire", "limit", 5, 6.5),
    Row("10k connections, W1, × the limit", "fanout-10k-w1", "deliveries_per_second", "pushwire", "limit", 0.75, 0.92),
    Row("through Redis, 1k connections, W1, × Socket.IO", "redis-1k-w1", "deliveries_per_second",
        "pushwire-topic", "socket.io-room", 2, 3),
    Row("through Redis, 1k connections, W8, × Socket.IO", "redis-1k-w8", "deliveries_per_second",
        "pushwire-topic", "socket.io-room", 10, 13),
    Row("through Redis, unicast to 10k users, × Socket.IO", "redis-unicast-10k", "deliveries_per_second",
        "pushwire-user", "socket.io-user", 2.5, 5),
    Row("20 messages/s × 1k connections, p99, × the limit's", "rate-1k", "p99_us", "pushwire", "limit", 1.4, 1.2,
        lower=True),
    Row("live heap per idle connection", "heap", "heap_bytes_per_connection", "pushwire", "", 5_000, 2_500,
        lower=True, unit="B"),
    Row("accepts/s, no tokens, × Socket.IO", "opens", "opens_per_second", "pushwire", "socket.io", 2.5, 6),
    Row("CPU per delivery, growth from 1k to 16k connections, × the limit's", "fanout-16k-w1", "server_cpu_us",
        "pushwire", "limit", 1.5, 1.1, lower=True, over="fanout-1k-w1"),
]
