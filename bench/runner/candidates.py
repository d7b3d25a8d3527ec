"""The product and those it is compared with: how each is started, and how one publishes through it."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

BENCH = Path(__file__).resolve().parent.parent
TARGET = BENCH / "target"
LOAD = TARGET / "load"
LIMIT = TARGET / "limit"
PUSHWIRE = BENCH.parent / "server-tyrus/target/pushwire/bin/pushwire"
NODE_PEERS = TARGET / "peers/node"
JAVA_PEERS = TARGET / "peers/java"
NCHAN = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
PAYLOAD = 128
REDIS_PORT = 18370

NPM = "npm ci, from bench/peers/node (./bench/run does it where npm is there)"
MAVEN = "mvn -f bench/peers/java package (./bench/run does it)"


@dataclass(frozen=True)
class Candidate:
    name: str
    title: str
    port: int
    command: Callable[[int, Path], list]  # of port and folder for its files
    load: list  # arguments of the load generator
    needs: Path
    install: str
    jvm: bool = False
    redis: bool = False
    environment: dict = field(default_factory=dict)

    def is_there(self):
        return self.needs.exists()


def http_post(body):
    """A request that the load generator fills in."""
    length = len(body) - len("%P") + PAYLOAD
    return (f"POST /v1/messages HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nContent-Type: application/json\\r\\n"
            f"Content-Length: {length}\\r\\n\\r\\n{body}")


def redis_publish(channel, channel_size, message, message_size):
    return (f"*3\\r\\n$7\\r\\nPUBLISH\\r\\n${channel_size}\\r\\n{channel}\\r\\n"
            f"${message_size}\\r\\n{message}\\r\\n")


def socket_io_emit(room, room_size):
    """What Socket.IO's emitter publishes for a room: MessagePack of [who, packet, to whom]."""
    def text(value, size=None):
        return f"\\x{0xa0 | (size or len(value)):02x}{value}"
    payload = f"\\xd9\\x{PAYLOAD:02x}%P"
    packet = "\\x83" + text("type") + "\\x02" + text("data") + "\\x92" + text("m") + payload + text("nsp") + text("/")
    options = ("\\x83" + text("rooms") + "\\x91" + text(room, room_size) + text("except") + "\\x90"
               + text("flags") + "\\x80")
    message = "\\x93" + text("bench") + packet + options
    size = len(message.replace("%P", "x" * PAYLOAD).replace("%U", "x" * 6)) - 3 * message.count("\\x")
    return redis_publish(f"socket.io#/#{room}#", 13 + room_size, message, size)


def pushwire(name, title, port, settings, load, redis=False):
    def command(port, _):
        settings_now = {"server.port": port, "limits.handshakes-per-second": 1_000_000, **settings}
        return [PUSHWIRE] + [word for key, value in settings_now.items() for word in ("--set", f"{key}={value}")]
    return Candidate(name, title, port, command, load, PUSHWIRE, "./run", jvm=True, redis=redis)


def node(name, title, port, script, load, redis=False):
    def command(port, _):
        return ["node", BENCH / "peers/node" / script, port] + ([REDIS_PORT] if redis else [])
    return Candidate(name, title, port, command, load, NODE_PEERS / "node_modules/ws", NPM, redis=redis,
                     environment={"NODE_PATH": str(NODE_PEERS / "node_modules"), "NODE_ENV": "production"})


def java(name, title, port, main, load):
    home = os.environ.get("JAVA_HOME")
    program = f"{home}/bin/java" if home else "java"
    return Candidate(name, title, port,
                     lambda port, _: [program, "-cp", f"{JAVA_PEERS}/peers.jar:{JAVA_PEERS}/lib/*", main, port],
                     load, JAVA_PEERS / "peers.jar", MAVEN, jvm=True)


def nginx(port, folder):
    """nginx takes no port from the command line."""
    text = (BENCH / "peers/nchan.conf").read_text().replace("PORT", str(port)).replace("MODULE", str(NCHAN))
    configuration = folder / "nchan.conf"
    configuration.write_text(text)
    return ["nginx", "-p", folder, "-e", folder / "nchan.log", "-c", configuration]


WEB_SOCKET = ["--path", "/ws", "--publish", "%P", "--publish-path", "/publish"]
EVERYONE = http_post('{"to":{"everyone":true},"text":"%P"}')
SOCKET_IO = ["--socket-io", "--path", "/socket.io/?EIO=4&transport=websocket&user=%U"]
SOCKET_IO_PUBLISH = ["--publish", '42["publish","%P"]', "--publish-path", "/socket.io/?EIO=4&transport=websocket"]
THROUGH_REDIS = {"driver": "redis-pubsub", "driver.redis-pubsub.uri": f"redis://127.0.0.1:{REDIS_PORT}",
                 "driver.redis-pubsub.ingress": "pub.{topic}=topic,user.{user}=user"}
TO_REDIS = ["--publish-port", REDIS_PORT]

ALL = {candidate.name: candidate for candidate in [
    pushwire("pushwire", "Pushwire", 18101, {"driver": "memory"},
             ["--path", "/ws?user=%U", "--publish", EVERYONE]),
    pushwire("pushwire-topic", "Pushwire through Redis", 18102, THROUGH_REDIS,
             ["--path", "/ws?user=%U&topic=t", *TO_REDIS, "--publish", redis_publish("pub.t", 5, "%P", PAYLOAD)], True),
    pushwire("pushwire-user", "Pushwire through Redis", 18103, THROUGH_REDIS,
             ["--path", "/ws?user=%U", *TO_REDIS, "--publish", redis_publish("user.%U", 11, "%P", PAYLOAD)], True),
    Candidate("limit", "C, one send() each: the limit", 18104, lambda port, _: [LIMIT, port], WEB_SOCKET, LIMIT, "gcc"),
    Candidate("limit-joined", "C, joined", 18105, lambda port, _: [LIMIT, port, "joined"], WEB_SOCKET, LIMIT, "gcc"),
    node("ws", "ws", 18106, "ws.js", WEB_SOCKET),
    node("socket.io", "Socket.IO", 18107, "socketio.js", [*SOCKET_IO, *SOCKET_IO_PUBLISH]),
    node("socket.io-room", "Socket.IO through Redis", 18108, "socketio.js",
         [*SOCKET_IO, *TO_REDIS, "--publish", socket_io_emit("t", 1)], True),
    node("socket.io-user", "Socket.IO through Redis", 18109, "socketio.js",
         [*SOCKET_IO, *TO_REDIS, "--publish", socket_io_emit("u%U", 7)], True),
    Candidate("nchan", "Nchan (nginx)", 18110, nginx,
              ["--path", "/ws", "--publish",
               f"POST /publish HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nContent-Length: {PAYLOAD}\\r\\n\\r\\n%P"],
              NCHAN, "apt-get install nginx libnginx-mod-nchan"),
    java("tyrus", "Tyrus on Grizzly", 18111, "TyrusGrizzly", WEB_SOCKET),
    java("netty-socketio", "netty-socketio", 18112, "NettySocketIo", [*SOCKET_IO, *SOCKET_IO_PUBLISH]),
    Candidate("bun", "Bun (uWebSockets)", 18113,
              lambda port, _: [NODE_PEERS / "node_modules/.bin/bun", BENCH / "peers/node/bun.js", port],
              WEB_SOCKET, NODE_PEERS / "node_modules/.bin/bun", NPM),
]}
