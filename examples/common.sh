# Sourced by the examples' start scripts, from their own folders.
set -euo pipefail
here=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/tools/prerequisites.sh"
server=$root/server-tyrus/target/pushwire
children=()

# The last begun ends first: a broker outlives those who say goodbye through it.
end() {
  local i
  trap '' INT TERM # a second Ctrl-C must not leave the rest running
  for ((i = ${#children[@]} - 1; i >= 0; i--)); do
    kill "${children[i]}" 2>/dev/null || true
    wait "${children[i]}" 2>/dev/null || true
  done
}
trap end EXIT
trap 'exit 0' INT TERM

# vacant PORT…: else another example would answer in the place of this one.
vacant() {
  local port
  for port in "$@"; do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "Something listens on port $port already, another example perhaps. Stop it, then try again." >&2
      exit 1
    fi
  done
}

# build MODULE,MODULE [OPTION]…: what the example needs, without tests.
build() {
  require "$build_needs"
  echo "Building …"
  if ! (cd "$root" && mvn -q -B -Dquick -pl "$1" -am "${@:2}" package) >"$here/target/build.log" 2>&1 </dev/null; then
    tail -n 40 "$here/target/build.log" >&2
    exit 1
  fi
}

# begin COMMAND…: runs until the script ends it; in a group of its own, which Ctrl-C does not reach.
begin() {
  set -m
  "$@" &
  set +m
  children+=($!)
}

# alive: whether all that was begun is running; kill is content with one of several.
alive() {
  local child
  for child in "${children[@]}"; do
    kill -0 "$child" 2>/dev/null || return 1
  done
}

# rabbitmq PORT: begins one of this example's own, which keeps what it has below target; returns when it is up.
rabbitmq() {
  local home=$here/target/rabbitmq
  rm -rf "$home"
  mkdir -p "$home"
  printf 'listeners.tcp.1 = 127.0.0.1:%s\n' "$1" >"$home/rabbitmq.conf"
  echo '[].' >"$home/plugins"
  : >"$home/env"
  # without epmd, which would stay behind; not the program on the PATH, which changes the user
  begin env HOME="$home" RABBITMQ_CONF_ENV_FILE="$home/env" RABBITMQ_CONFIG_FILE="$home/rabbitmq.conf" \
    RABBITMQ_ENABLED_PLUGINS_FILE="$home/plugins" RABBITMQ_NODENAME="example$1@localhost" RABBITMQ_NODE_PORT="$1" \
    RABBITMQ_DIST_PORT="$(($1 + 1))" RABBITMQ_MNESIA_BASE="$home/data" RABBITMQ_LOG_BASE="$home/log" \
    RABBITMQ_PID_FILE="$home/pid" RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-start_epmd false -erl_epmd_port $(($1 + 1)) \
    +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}" \
    /usr/lib/rabbitmq/bin/rabbitmq-server >"$here/target/rabbitmq.log" 2>&1
  echo "Starting RabbitMQ …"
  until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
    alive || { tail -n 20 "$here/target/rabbitmq.log" >&2; exit 1; }
    sleep 0.2
  done
}

# await URL: until it is served.
await() {
  until curl -fsS -o /dev/null "$1" 2>/dev/null; do
    alive || exit 1
    sleep 0.2
  done
}

# servers OPTION…: two of them, on 8081 and 8082; returns when both are ready. Which page to open the example says,
# not they: with tokens, for one, they have none.
servers() {
  local port
  for port in 8081 8082; do
    begin "$server/bin/pushwire" "$@" --set server.port=$port --set node.id=n$port >/dev/null
  done
  for port in 8081 8082; do
    await http://127.0.0.1:$port/health/ready
  done
}

mkdir -p "$here/target"
