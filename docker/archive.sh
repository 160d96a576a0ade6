#!/usr/bin/env bash
# Starts the gateway beside this script once, asks it for a page and ends it, and keeps what it has loaded: as an AOT cache (Java 25)
# or an archive of classes (before). A start then takes less, with Java 25 half of the processor time. Whatever goes wrong, the gateway
# works without.
# usage: archive.sh
set -euo pipefail

home=$(dirname -- "$(readlink -f -- "$0")")/..
home=$(cd "$home" && pwd)
# It has to be the Java that will run it.
java=$home/runtime
if [ ! -d "$java" ]; then java=${JAVA_HOME:?JAVA_HOME: not set (expected: the Java that runs the gateway)}; fi
version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java/release")
log=$(mktemp)
trap 'rm -f "$log"' EXIT

rm -f "$home/classes.aot" "$home/classes.jsa"
if [ "$version" -ge 25 ]; then
  archive=$home/classes.aot option=-XX:AOTCacheOutput=$home/classes.aot
else
  archive=$home/classes.jsa option=-XX:ArchiveClassesAtExit=$home/classes.jsa
  # Without the archive of Java's own classes there is nothing to put ours on top of.
  if [ ! -f "$java/lib/server/classes.jsa" ]; then "$java/bin/java" -Xshare:dump >/dev/null; fi
fi

JAVA_HOME=$java JAVA_OPTS="$option" "$home/bin/esper-gateway" demo --listen 127.0.0.1:0 --admin 127.0.0.1:0 >"$log" 2>&1 &
gateway=$!
port=
for _ in $(seq 600); do
  port=$(sed -n 's/.*listening on 127\.0\.0\.1:\([0-9]*\).*operator port \([0-9]*\).*/\1/p' "$log" | head -n 1)
  if [ -n "$port" ] || ! kill -0 "$gateway" 2>/dev/null; then break; fi
  sleep 0.1
done
if [ -n "$port" ]; then
  for agent in browser badbot; do
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: %s\r\nConnection: close\r\n\r\n' "$agent" >&3
    timeout 20 cat <&3 >/dev/null || true
    exec 3<&-
  done
  kill -TERM "$gateway"
fi
wait "$gateway" || true
if [ -n "$port" ] && [ -s "$archive" ]; then
  chmod 0644 "$archive"
  echo "$archive: $(($(stat -c %s "$archive") / 1048576)) MiB"
else
  cat "$log" >&2
  rm -f "$archive"
  echo "$archive: could not be made (expected: by a start of the gateway); it works without, and starts more slowly" >&2
fi
