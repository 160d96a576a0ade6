#!/usr/bin/env bash
# What an idle visitor costs: the gateway's resident memory with many kept connections that do nothing, above what the
# idle process has. Every connection has sent one request and been answered; afterwards each is asked once more, so that
# connections the gateway gave up cannot make the figure look good.
#
# Needs a JDK and nothing else. The exit status is 1 when the memory per 10,000 connections is above the floor or a
# connection was lost.
set -euo pipefail
export LC_ALL=C

usage() {
  echo 'usage: src/bench/idle.sh [COUNT]   (connections, default 10000)'
  echo 'Options for the JVM of the gateway can be given in GATEWAY_JVM_OPTIONS (default: none).'
}

case ${1:-} in --help | -h) usage && exit 0 ;; esac
count=${1:-10000}
floor_mib_per_10000=200
root=$(cd "$(dirname "$0")/../.." && pwd)
jar=$root/target/esper-gateway.jar
[[ $count =~ ^[1-9][0-9]*$ ]] || { usage >&2 && exit 2; }
[ -f "$jar" ] || { echo "$jar: missing (expected: built by mvn -q -DskipTests package)" >&2 && exit 1; }
files=$(ulimit -Hn)
if [ "$files" != unlimited ] && [ "$files" -lt $((count + 500)) ]; then
  echo "ulimit -Hn: $files (expected: at least $((count + 500)) for $count connections)" >&2
  exit 1
fi
# What the shell of a developer exports must not decide a measurement.
for name in $(compgen -e | grep -E '^(ESPER_|PORT$|JAVA_TOOL_OPTIONS$|JDK_JAVA_OPTIONS$)' || true); do unset "$name"; done

work=$(mktemp -d)
gateway='' holder=''
finish() {
  local pid
  for pid in $holder $gateway; do kill "$pid" 2>/dev/null || true; done
  for pid in $holder $gateway; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
trap 'echo "failed at line $LINENO: $BASH_COMMAND" >&2' ERR

is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the range that the kernel gives to outgoing connections, so that none of those takes it in between.
free_port() {
  local candidate
  while true; do
    candidate=$((20000 + RANDOM % 12000))
    if ! is_open "$candidate"; then echo "$candidate" && return; fi
  done
}

resident_kib() { awk '/^VmRSS:/ { print $2 }' "/proc/$gateway/status"; }

# Memory settles for a moment after the last request; the figure is taken when it has stopped to grow.
settled_kib() {
  local last=0 now tries
  for ((tries = 0; tries < 20; tries++)); do
    now=$(resident_kib)
    if [ "$now" -le $((last + 512)) ]; then break; fi
    last=$now
    sleep 0.5
  done
  echo "$now"
}

port=$(free_port) origin_port=$(free_port)
JAVA_OPTS=${GATEWAY_JVM_OPTIONS:-} "$root/docker/esper-gateway" run --listen "127.0.0.1:$port" --origin "http://127.0.0.1:$origin_port" --mode local \
  --set admin.address= --set log.access=off --set "limits.connections=$((count + 1000))" >"$work/gateway" 2>&1 &
gateway=$!
for ((tries = 0; tries < 300; tries++)); do
  if is_open "$port"; then break; fi
  kill -0 "$gateway" 2>/dev/null || break
  sleep 0.1
done
is_open "$port" || { echo "the gateway does not listen" >&2 && cat "$work/gateway" >&2 && exit 1; }
sleep 1
idle=$(settled_kib)

coproc HOLDER { exec java "$root/src/bench/IdleConnections.java" 127.0.0.1 "$port" "$count" "$origin_port" 2>"$work/holder"; }
holder=$HOLDER_PID
answer_of_holder() { # what it must say
  local line=''
  read -r -t 300 line <&"${HOLDER[0]}" || true
  if [ "$line" != "$1" ]; then
    echo "connections: ${line:-$(cat "$work/holder" "$work/gateway")} (expected: $1)" >&2
    exit 1
  fi
}
answer_of_holder "open $count"
held=$(settled_kib)
echo >&"${HOLDER[1]}"
answer_of_holder "answered $count"
asked=$(settled_kib)

above=$((held - idle))
echo "machine:                  $(nproc) processors, $(awk '/^MemTotal:/ { printf "%d MiB", $2 / 1024 }' /proc/meminfo), $("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 3p)"
echo "JVM options:              ${GATEWAY_JVM_OPTIONS:-none}"
echo "idle process:             $((idle / 1024)) MiB"
echo "$count idle connections:  $((held / 1024)) MiB, $((above / 1024)) MiB above, $(awk "BEGIN { printf \"%.1f\", $above / $count }") KiB each"
echo "after asking each again:  $((asked / 1024)) MiB"
limit=$((floor_mib_per_10000 * 1024 * count / 10000))
if [ "$above" -gt "$limit" ]; then
  echo "problem: $((above / 1024)) MiB above the idle process (expected: at most $((limit / 1024)) MiB for $count connections)"
  exit 1
fi
echo "ok: $((above / 1024)) MiB above the idle process (floor: at most $((limit / 1024)) MiB for $count connections)"
