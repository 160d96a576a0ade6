#!/usr/bin/env bash
# Starts the gateway beside this script once, in front of the application of the demonstration, asks it for two pages and ends it, and
# keeps what it has loaded: as an AOT cache (Java 25) or an archive of classes (before). A start then takes less, with Java 25 half of
# the processor time, and there the compiler knows from 10,000 more requests what the first visitors will need. Whatever goes wrong, the
# gateway works without.
# usage: archive.sh
set -euo pipefail

home=$(dirname -- "$(readlink -f -- "$0")")/..
home=$(cd "$home" && pwd)
# It has to be the Java that will run it.
java=$home/runtime
if [ ! -d "$java" ]; then java=${JAVA_HOME:?JAVA_HOME: not set (expected: the Java that runs the gateway)}; fi
version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java/release")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The port that the gateway with this output and process listens on, as soon as it does; nothing if it does not.
port_of() {
  for _ in $(seq 600); do
    local port
    port=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\).*operator port \([0-9]*\).*/\1/p' "$1" | head -n 1)
    if [ -n "$port" ]; then echo "$port" && return; fi
    kill -0 "$2" 2>/dev/null || return 0
    sleep 0.1
  done
}

# What the gateway on this port is for: requests as a browser sends them, forwarded and blocked, on kept connections.
visit() {
  local fields path
  fields=('Host: localhost' 'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
    'Accept: text/html,application/xhtml+xml,*/*;q=0.8' 'Accept-Language: en-GB,en;q=0.9' 'Accept-Encoding: gzip, br'
    'Referer: http://localhost/' 'Cookie: theme=dark; cart=42' 'Sec-Fetch-Site: same-origin' 'Sec-Fetch-Mode: navigate'
    'Sec-Fetch-Dest: document' 'Upgrade-Insecure-Requests: 1' 'Cache-Control: max-age=0')
  for _ in $(seq 100); do
    for path in / '/products/42?page=3' / /.env; do printf '%s\r\n' "GET $path HTTP/1.1" "${fields[@]}" ''; done
  done >"$work/visits"
  printf '%s\r\n' 'GET / HTTP/1.1' 'Host: localhost' 'Connection: close' '' >>"$work/visits"
  for _ in $(seq 25); do
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    timeout 20 cat <&3 >/dev/null &
    timeout 20 cat "$work/visits" >&3 || true
    wait $! || true
    exec 3<&-
  done
}

rm -f "$home/classes.aot" "$home/classes.jsa"
if [ "$version" -ge 25 ]; then
  archive=$home/classes.aot option=-XX:AOTCacheOutput=$home/classes.aot
else
  archive=$home/classes.jsa option=-XX:ArchiveClassesAtExit=$home/classes.jsa
  # Without the archive of Java's own classes there is nothing to put ours on top of.
  if [ ! -f "$java/lib/server/classes.jsa" ]; then "$java/bin/java" -Xshare:dump >/dev/null; fi
fi

export JAVA_HOME=$java
listen="--listen 127.0.0.1:0 --admin 127.0.0.1:0"
# shellcheck disable=SC2086
JAVA_OPTS='' "$home/bin/esper-gateway" demo $listen >"$work/demo" 2>&1 &
demo=$!
port=$(port_of "$work/demo" "$demo")
if [ -n "$port" ]; then
  # shellcheck disable=SC2086
  JAVA_OPTS="$option" "$home/bin/esper-gateway" run $listen "--origin=http://127.0.0.1:$port" \
    "--set=policies.path=$home/conf/policies/starter.conf" --set=challenge.pass.key-file= >"$work/run" 2>&1 &
  gateway=$!
  port=$(port_of "$work/run" "$gateway")
  if [ -n "$port" ]; then
    for path in / /.env; do
      exec 3<>"/dev/tcp/127.0.0.1/$port"
      printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: archive\r\nConnection: close\r\n\r\n' "$path" >&3
      timeout 20 cat <&3 >/dev/null || true
      exec 3<&-
    done
    # From 25 on the cache keeps how often what was run, so that the compiler knows at once what the first visitors will need.
    if [ "$version" -ge 25 ]; then visit "$port" || true; fi
  fi
  kill -TERM "$gateway" 2>/dev/null || true
  wait "$gateway" || true
fi
kill -TERM "$demo" 2>/dev/null || true
wait "$demo" || true
if [ -n "$port" ] && [ -s "$archive" ]; then
  chmod 0644 "$archive"
  echo "$archive: $(($(stat -c %s "$archive") / 1048576)) MiB"
else
  cat "$work/"* >&2
  rm -f "$archive"
  echo "$archive: could not be made (expected: by a start of the gateway); it works without, and starts more slowly" >&2
fi
