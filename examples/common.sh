# Sourced by the examples' start scripts, from their own folders.
set -euo pipefail
here=$PWD
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$root/tools/prerequisites.sh"
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

# build MODULE,MODULE [OPTION]…: what the example needs, without tests.
build() {
  require "$build_needs"
  echo "Building …"
  if ! (cd "$root" && mvn -q -B -Dquick -pl "$1" -am "${@:2}" package) >"$here/target/build.log" 2>&1 </dev/null; then
    tail -n 40 "$here/target/build.log" >&2
    exit 1
  fi
}

# unpack FOLDER: a server of this example's own, as its distribution holds it.
unpack() {
  rm -rf "$1"
  cp -R "$root/server-tyrus/target/pushwire" "$1"
}

# begin COMMAND…: runs until the script ends it; in a group of its own, which Ctrl-C does not reach.
begin() {
  set -m
  "$@" &
  set +m
  children+=($!)
}

# await URL: until it is served.
await() {
  until curl -fsS -o /dev/null "$1" 2>/dev/null; do
    kill -0 "${children[@]}" 2>/dev/null || exit 1
    sleep 0.2
  done
}

mkdir -p "$here/target"
