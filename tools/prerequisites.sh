# Sourced by ./run and ./verify: finds what they need, and installs what is missing on Debian and Ubuntu.

# One line each: what must be there (jdk, a command, a file, php:EXTENSION), and the Debian package that
# brings it. Of several packages the first one is taken that the release has.
build_needs='
jdk                     openjdk-17-jdk-headless|openjdk-21-jdk-headless
mvn                     maven
'
test_needs='
chromium                chromium
chromedriver            chromium-driver
redis-server            redis-server
/usr/lib/rabbitmq/bin/rabbitmq-server  rabbitmq-server
nats-server             nats-server
amqp-publish            amqp-tools
php                     php-cli
php:redis               php-redis
php:amqp                php-amqp
python3                 python3
openssl                 openssl
/usr/lib/python3/dist-packages/pika    python3-pika
curl                    curl
gcc                     gcc
/usr/include/stdio.h    libc6-dev
'

# Without a stdin the first file that is opened becomes it.
if ! true <&0; then exec </dev/null; fi 2>/dev/null

find_jdk() {
  local home major
  for home in "${JAVA_HOME:-}" "$(dirname "$(dirname "$(readlink -f "$(command -v javac)")")")" \
      "$(/usr/libexec/java_home 2>/dev/null)" /usr/lib/jvm/*; do
    [ -x "$home/bin/javac" ] && [ -r "$home/release" ] || continue
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$home/release")
    if [ "${major:-0}" -ge 17 ]; then
      export JAVA_HOME="$home"
      return
    fi
  done
  return 1
}

is_there() {
  case $1 in
    jdk) find_jdk 2>/dev/null ;;
    php:*) command -v php >/dev/null && php -m </dev/null 2>/dev/null | grep -ix "${1#php:}" >/dev/null ;;
    /*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# Sets missing to the lines of $1 that are not there.
look_for() {
  local need packages
  missing=
  while read -r need packages; do
    [ -z "$need" ] || is_there "$need" || missing+="$need $packages"$'\n'
  done <<<"$1"
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
  command -v apt-get >/dev/null && grep -Eq '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release 2>/dev/null \
    && as_root true 2>/dev/null
}

install_packages() (
  local apt=(as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  local policy=/usr/sbin/policy-rc.d need packages package chosen=()

  # The tests start their own brokers: a packaged one must not take the port first.
  if [ ! -e $policy ]; then
    trap 'as_root rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
  fi
  "${apt[@]}" update
  while read -r need packages; do
    [ -n "$need" ] || continue
    for package in ${packages//|/ }; do
      if [ -n "$(apt-cache show "$package" 2>/dev/null)" ]; then break; fi
    done
    chosen+=("$package")
  done <<<"$missing"
  echo "Installing ${chosen[*]} …"
  "${apt[@]}" install -y --no-install-recommends "${chosen[@]}" </dev/null
)

# Returns when everything of $1 is there, exits with what to install otherwise.
require() {
  local missing log
  look_for "$1"
  if [ -n "$missing" ] && can_install; then
    log=$(mktemp)
    install_packages 2>&1 | tee "$log" | grep --line-buffered '^Installing' >&2 || true
    look_for "$1"
    [ -z "$missing" ] || tail -n 20 "$log" >&2
    rm -f "$log"
  fi
  [ -n "$missing" ] || return 0
  {
    echo "Please install what is missing, then try again:"
    while read -r need packages; do
      case $need in
        '') ;;
        jdk) echo "  a JDK 17 or newer (Debian and Ubuntu: ${packages//|/ or }; JAVA_HOME is looked at first)" ;;
        php:*) echo "  the PHP extension ${need#php:} (Debian and Ubuntu: $packages)" ;;
        *) echo "  $need (Debian and Ubuntu: ${packages//|/ or })" ;;
      esac
    done <<<"$missing"
  } >&2
  exit 1
}
