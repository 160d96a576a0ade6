#!/usr/bin/env bash
# What one request costs: CPU time per request of the gateway beside nginx, on this machine, side by side.
#
# Four servers take turns in front of one origin, each with one worker (or event loop), 64 kept connections and the
# same 14 headers of a browser:
#   nginx-plain    nginx, proxy_pass over kept connections: the cost of proxying
#   gateway-local  the gateway, every request decided by the embedded engine (conf/policies/starter.conf)
#   nginx-auth     nginx, auth_request: one subrequest to a decision service for every request
#   gateway-cloud  the gateway, one real call of POST /api/v1/runtime/mitigation for every request
# Origin and decision service are nginx too; the service answers {"action":"allow"} whatever it is asked. None of the four
# writes an access log; for information a fifth does: gateway-logging, to a file.
#
# CPU time is utime + stime of /proc/PID/stat: of the worker for nginx, of the whole process (with compiler and
# collector threads) for Java. Rounds are interleaved, so that what else the machine does hits all alike; figures are
# medians over the rounds, ratios are medians of the ratios within a round. The column "others" says how much of the server's
# processor other processes took: figures taken while that is more than a few percent are worth little. After every run the counters of origin and
# decision service must agree with the requests that were answered, and every answer must have the expected size.
#
# The exit status is 1 when a floor is missed or an answer was wrong, 0 when all held or nginx or wrk is missing (then
# this says so; where REQUIRE_PEERS names the missing program it is 1).
set -euo pipefail
export LC_ALL=C
export PATH=$PATH:/usr/sbin

usage() {
  cat <<'END'
usage: src/bench/speed.sh [--quick] [--rounds N] [--seconds N] [--no-pin]
  --quick      short warm-up and rounds, no informative rows (about 50 s; without it at most 3 minutes)
  --rounds N   interleaved rounds (default 3)
  --seconds N  length of one run (default 5)
  --no-pin     do not pin the server to one processor and everything else to the others
Build first: mvn -q -DskipTests package.
The gateway is started by docker/esper-gateway with JAVA_HOME or the java on PATH; GATEWAY_JVM_OPTIONS adds options (default: none).
END
}

rounds=3 seconds=5 warmups=10 quick=no pin=yes
connections=64
local_floor=1.6 cloud_floor=0.6
while [ "$#" -gt 0 ]; do
  case $1 in
    --quick) quick=yes seconds=2 warmups=5 ;;
    --rounds) rounds=$2 && shift ;;
    --seconds) seconds=$2 && shift ;;
    --no-pin) pin=no ;;
    --help | -h) usage && exit 0 ;;
    *) usage >&2 && exit 2 ;;
  esac
  shift
done

root=$(cd "$(dirname "$0")/../.." && pwd)
jar=$root/target/esper-gateway.jar
script=$root/src/bench/wrk.lua
browser=$root/src/bench/browser.headers
policies=$root/conf/policies/starter.conf

for peer in nginx wrk curl java; do
  if ! command -v "$peer" >/dev/null; then
    case ",${REQUIRE_PEERS:-}," in
      *",$peer,"*) echo "$peer: not installed (expected: installed, REQUIRE_PEERS names it)" >&2 && exit 1 ;;
    esac
    echo "skipped: $peer is not installed"
    exit 0
  fi
done
[ -f "$jar" ] || { echo "$jar: missing (expected: built by mvn -q -DskipTests package)" >&2 && exit 1; }

# What the shell of a developer exports must not decide a measurement.
for name in $(compgen -e | grep -E '^(ESPER_|PORT$|JAVA_TOOL_OPTIONS$|JDK_JAVA_OPTIONS$)' || true); do unset "$name"; done

work=$(mktemp -d)
started=()
problems=()
finish() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
trap 'echo "failed at line $LINENO: $BASH_COMMAND" >&2' ERR

# --- processes -------------------------------------------------------------------------------------------------------

# With two processors or more the server measured has the first for itself; load, origin and decision service share the rest.
processors=$(nproc)
on_server=() on_rest=()
if [ "$pin" = yes ] && [ "$processors" -ge 2 ] && command -v taskset >/dev/null; then
  on_server=(taskset -c 0)
  on_rest=(taskset -c "1-$((processors - 1))")
fi

# Below the range that the kernel gives to outgoing connections, so that none of those takes it in between.
used_ports=' '
free_port() { # name of the variable
  local candidate
  while true; do
    candidate=$((20000 + RANDOM % 12000))
    case $used_ports in *" $candidate "*) continue ;; esac
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null; then
      used_ports+="$candidate "
      printf -v "$1" %s "$candidate"
      return
    fi
  done
}

await() { # url, process, file with what it printed
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    if curl -fsS -o /dev/null "$1" 2>/dev/null; then return; fi
    kill -0 "$2" 2>/dev/null || break
    sleep 0.1
  done
  echo "$1 does not answer" >&2
  cat "$3" >&2
  exit 1
}

declare -A process port
start_nginx() { # name, server block on stdin, prefix of the command in the remaining arguments
  local name=$1 directory=$work/$1 master user=''
  shift
  mkdir -p "$directory"
  [ "$(id -u)" -ne 0 ] || user='user root;'
  cat >"$directory/nginx.conf" <<END
daemon off;
$user
worker_processes 1;
pid $directory/nginx.pid;
error_log $directory/error.log warn;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path $directory/body;
  proxy_temp_path $directory/proxy;
  fastcgi_temp_path $directory/fastcgi;
  uwsgi_temp_path $directory/uwsgi;
  scgi_temp_path $directory/scgi;
  keepalive_requests 100000000;
  default_type text/plain;
  tcp_nodelay on;
$(cat)
}
END
  "$@" nginx -p "$directory" -c "$directory/nginx.conf" -e stderr >"$directory/output" 2>&1 &
  master=$!
  started+=("$master")
  await "http://127.0.0.1:${port[$name]}/" "$master" "$directory/output"
  # The worker; the line has no end, which read reports as a failure.
  read -r "process[$name]" _ <"/proc/$master/task/$master/children" || [ -n "${process[$name]}" ]
}

start_gateway() { # name, arguments of the command
  local name=$1
  shift
  JAVA_OPTS=${GATEWAY_JVM_OPTIONS:-} "${on_server[@]}" "$root/docker/esper-gateway" run --listen "127.0.0.1:${port[$name]}" \
    --origin "http://127.0.0.1:${port[origin]}" --set admin.address= --set runtime.event-loops=1 \
    --set log.access=off "$@" >"$work/$name.output" 2>&1 &
  process[$name]=$!
  started+=("$!")
  await "http://127.0.0.1:${port[$name]}/" "$!" "$work/$name.output"
}

for name in origin stub nginx-plain nginx-auth gateway-local gateway-cloud gateway-logging; do free_port "port[$name]"; done

dd if=/dev/zero bs=1024 count=100 status=none | tr '\0' 'x' >"$work/large"
start_nginx origin "${on_rest[@]}" <<END
  server {
    listen 127.0.0.1:${port[origin]} backlog=1024;
    location / { return 200 "hello from the origin\n"; }
    location = /large { alias $work/large; }
    location = /requests { stub_status; }
  }
END
start_nginx stub "${on_rest[@]}" <<END
  server {
    default_type application/json;
    listen 127.0.0.1:${port[stub]} backlog=1024;
    location / { return 200 '{"action":"allow"}'; }
    location = /requests { stub_status; }
  }
END

# What any nginx in front of an application sets; the gateway sets these fields too.
proxying="proxy_http_version 1.1; proxy_set_header Connection ''; proxy_set_header Host \$http_host;
      proxy_set_header X-Forwarded-For \$proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto \$scheme;"
upstreams="upstream origin { server 127.0.0.1:${port[origin]}; keepalive $connections; keepalive_requests 100000000; }
  upstream stub { server 127.0.0.1:${port[stub]}; keepalive $connections; keepalive_requests 100000000; }"
start_nginx nginx-plain "${on_server[@]}" <<END
  $upstreams
  server {
    listen 127.0.0.1:${port[nginx-plain]} backlog=1024;
    location / { proxy_pass http://origin; $proxying }
  }
END
start_nginx nginx-auth "${on_server[@]}" <<END
  $upstreams
  server {
    listen 127.0.0.1:${port[nginx-auth]} backlog=1024;
    location / { auth_request /decision; proxy_pass http://origin; $proxying }
    location = /decision {
      internal;
      proxy_pass http://stub/decision;
      proxy_pass_request_body off;
      proxy_set_header Content-Length '';
      $proxying
    }
  }
END
start_gateway gateway-local --mode local --set "policies.path=$policies"
# Every request is really asked about: identical questions under way are not shared.
start_gateway gateway-cloud --mode cloud --set esper.coalesce=false --set "esper.api-url=http://127.0.0.1:${port[stub]}" --set esper.api-key=speed-test

# --- measuring -------------------------------------------------------------------------------------------------------

ticks_per_second=$(getconf CLK_TCK)
ticks() { # pid
  local stat fields
  stat=$(<"/proc/$1/stat")
  # The second field, the program's name in brackets, may contain blanks; state is the first field behind it.
  read -ra fields <<<"${stat##*) }"
  echo $((fields[11] + fields[12]))
}

resident_mib() { awk '/^VmRSS:/ { printf "%d", $2 / 1024 }' "/proc/$1/status"; }

# Requests that this nginx has served so far; asking is one more, which the caller subtracts.
served() { curl -fsS "http://127.0.0.1:${port[$1]}/requests" | awk 'NR == 3 { print $3 }'; }

within() { # value, least, most
  [ "$1" -ge "$2" ] && [ "$1" -le "$3" ]
}

# Loads one server and leaves what wrk saw in the array `seen`: requests, microseconds, bytes, socket errors, statuses
# above 399, median and 99th percentile of the latency in microseconds.
load() { # server, path, seconds
  HEADERS=$browser "${on_rest[@]}" wrk -t1 -c"$connections" -d"${3}s" -s "$script" "http://127.0.0.1:${port[$1]}$2" >"$work/wrk" 2>&1 || {
    cat "$work/wrk" >&2
    exit 1
  }
  read -ra seen < <(sed -n "s/^RESULT //p" "$work/wrk")
}

# Loads a gateway until its compiler has finished: until a request costs about what it cost in the run before.
warm_up() { # server
  local before now last=0 run
  for ((run = 1; run <= warmups; run++)); do
    before=$(ticks "${process[$1]}")
    load "$1" "$page" 2
    now=$(awk -v t=$(($(ticks "${process[$1]}") - before)) -v n="${seen[0]}" 'BEGIN { printf "%d", t * 1e6 / n }')
    if [ "$run" -gt 3 ] && [ "$now" -ge $((last * 96 / 100)) ] && [ "$now" -le $((last * 104 / 100)) ]; then return; fi
    last=$now
  done
}

# Ticks for which the server's processor has worked, whoever for; nothing without pinning.
busy() { awk -v pinned="${#on_server[@]}" '$1 == "cpu0" { print pinned ? $2 + $3 + $4 + $7 + $8 + $9 : 0 }' /proc/stat; }

# One run: appends `cpu-microseconds requests/s p50 p99 share-of-others` to the rows of that name and checks the answers.
declare -A rows memory
measure() { # row, server, path, expected status, calls of the origin and of the stub per request
  local row=$1 server=$2 path=$3 status=$4 origin_calls=$5 stub_calls=$6
  local origin_before stub_before before after busy_before others size requests
  size=$(curl -s -o /dev/null -w '%{size_header} %{size_download}' -H "@$browser" "http://127.0.0.1:${port[$server]}$path")
  size=$((${size% *} + ${size#* }))
  origin_before=$(served origin) stub_before=$(served stub)
  before=$(ticks "${process[$server]}") busy_before=$(busy)
  load "$server" "$path" "$seconds"
  after=$(ticks "${process[$server]}") others=$(($(busy) - busy_before))
  others=$((others > after - before ? others - (after - before) : 0))
  memory[$row]=$(resident_mib "${process[$server]}")
  requests=${seen[0]}
  rows[$row]+=$(awk -v t=$((after - before)) -v hz="$ticks_per_second" -v n="$requests" -v us="${seen[1]}" -v p50="${seen[5]}" -v p99="${seen[6]}" -v o="$others" \
    'BEGIN { printf "%.3f %.0f %d %d %.1f", t / hz * 1e6 / n, n / us * 1e6, p50, p99, o / hz / us * 1e8 }')$'\n'

  # Requests that were under way when wrk hung up may have reached the peers without having been counted.
  sleep 0.3
  check "$row" "$requests" "$size" "$status" \
    $(($(served origin) - origin_before - 1)) "$origin_calls" $(($(served stub) - stub_before - 1)) "$stub_calls"
}

check() { # row, requests, size of an answer, status, calls of the origin, expected per request, the same of the stub
  local row=$1 requests=$2 size=$3 status=$4 failed=0
  [ "$status" -lt 400 ] || failed=$requests
  [ "${seen[3]}" -eq 0 ] || problems+=("$row: ${seen[3]} socket errors (expected: 0)")
  [ "${seen[4]}" -eq "$failed" ] || problems+=("$row: ${seen[4]} of $requests answers above 399 (expected: $failed)")
  within "$5" $((requests * $6)) $(((requests + connections) * $6)) ||
    problems+=("$row: the origin served $5 requests (expected: $((requests * $6)))")
  within "$7" $((requests * $8)) $(((requests + connections) * $8)) ||
    problems+=("$row: the decision service was asked $7 times (expected: $((requests * $8)))")
  # Up to an answer for each connection may have been cut off by the end of the run.
  within "${seen[2]}" $((requests * size)) $(((requests + connections) * size)) ||
    problems+=("$row: ${seen[2]} bytes (expected: $requests answers of $size bytes)")
}

expect() { # server, path, status, text of the body or nothing
  local status
  status=$(curl -s -o "$work/body" -w '%{http_code}' -H "@$browser" "http://127.0.0.1:${port[$1]}$2")
  [ "$status" = "$3" ] || problems+=("$1: $2 answered $status (expected: $3)")
  [ -z "$4" ] || [ "$(cat "$work/body")" = "$4" ] || problems+=("$1: $2 answered another body than the origin")
}

# --- the runs --------------------------------------------------------------------------------------------------------

page='/products/42?ref=home&page=3'
# Blocked by the policy of the starter set on files with secrets.
blocked=/.env
servers=(nginx-plain gateway-local nginx-auth gateway-cloud)

echo "date:     $(date -u +%Y-%m-%dT%H:%M:%SZ)"
echo "machine:  $processors processors, $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), Linux $(uname -r), load $(cut -d' ' -f1-3 /proc/loadavg)"
echo "versions: $(nginx -v 2>&1 | sed "s/.*: //"), wrk $(wrk -v 2>&1 | sed -n "s/^wrk \([^ ]*\).*/\1/p"), $("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 3p), $(cd "$root" && git rev-parse --short HEAD 2>/dev/null || echo "no commit")"
echo "pinning:  ${on_server[*]:-none} for the server, ${on_rest[*]:-none} for load, origin and decision service"
echo "load:     $connections connections, $rounds rounds of $seconds s, JVM options: ${GATEWAY_JVM_OPTIONS:-none}"

for server in "${servers[@]}"; do expect "$server" "$page" 200 "hello from the origin"; done
for server in "${servers[@]}"; do
  case $server in
    gateway-*) warm_up "$server" ;;
    *) load "$server" "$page" 1 ;;
  esac
done
for ((round = 0; round < rounds; round++)); do
  measure nginx-plain nginx-plain "$page" 200 1 0
  measure gateway-local gateway-local "$page" 200 1 0
  measure nginx-auth nginx-auth "$page" 200 1 1
  measure gateway-cloud gateway-cloud "$page" 200 1 1
done
extra=()
if [ "$quick" = no ]; then
  extra=(gateway-logging gateway-local-blocked nginx-plain-100KiB gateway-local-100KiB)
  seconds=3
  start_gateway gateway-logging --mode local --set "policies.path=$policies" --set "log.access=$work/access.log"
  warm_up gateway-logging
  expect gateway-local "$blocked" 403 ""
  load gateway-local /large 3
  load gateway-local "$blocked" 3
  for ((round = 0; round < 2; round++)); do
    measure gateway-logging gateway-logging "$page" 200 1 0
    measure nginx-plain-100KiB nginx-plain /large 200 1 0
    measure gateway-local-100KiB gateway-local /large 200 1 0
    measure gateway-local-blocked gateway-local "$blocked" 403 0 0
  done
fi

# --- the table -------------------------------------------------------------------------------------------------------

median() { sort -g | awk '{ v[NR] = $1 } END { printf "%.6g", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
column() { # row, number of the column
  awk -v c="$2" 'NF { print $c }' <<<"${rows[$1]}" | median
}
ratio() { # row, row it is compared with
  paste -d' ' <(awk 'NF { print $1 }' <<<"${rows[$1]}") <(awk 'NF { print $1 }' <<<"${rows[$2]}") | awk '{ print $1 / $2 }' | median
}

print_row() { # row
  local to_plain=- to_auth=-
  case $1 in
    *-100KiB) to_plain=$(ratio "$1" nginx-plain-100KiB) ;;
    *-blocked | *-logging) ;;
    *) to_plain=$(ratio "$1" nginx-plain) to_auth=$(ratio "$1" nginx-auth) ;;
  esac
  [ "$to_plain" = - ] || to_plain=$(printf %.2f "$to_plain")
  [ "$to_auth" = - ] || to_auth=$(printf %.2f "$to_auth")
  printf '%-22s %9.0f %8.2f %8.2f %9.1f %7d %9s %9s %7.0f%%\n' "$1" "$(column "$1" 2)" \
    "$(awk "BEGIN { print $(column "$1" 3) / 1000 }")" "$(awk "BEGIN { print $(column "$1" 4) / 1000 }")" \
    "$(column "$1" 1)" "${memory[$1]}" "$to_plain" "$to_auth" "$(column "$1" 5)"
}

echo
printf '%-22s %9s %8s %8s %9s %7s %9s %9s %8s\n' '' req/s 'p50 ms' 'p99 ms' 'CPU us' 'RSS MiB' 'x plain' 'x auth' others
for row in "${servers[@]}" "${extra[@]}"; do print_row "$row"; done
echo

floor() { # row, row it is compared with, most
  local actual others
  actual=$(ratio "$1" "$2")
  others=$(awk -v a="$(column "$1" 5)" -v b="$(column "$2" 5)" 'BEGIN { printf "%d", (a > b) ? a : b }')
  [ "$others" -le 10 ] || echo "note: others took up to $others % of the processor while $1 and $2 were measured; measure again on a quiet machine"
  if awk "BEGIN { exit !($actual <= $3) }"; then
    printf 'ok: %s costs %.2f x %s (floor: at most %s)\n' "$1" "$actual" "$2" "$3"
  else
    problems+=("$1: $(printf %.2f "$actual") x the CPU of $2 (expected: at most $3)")
  fi
}
floor gateway-local nginx-plain "$local_floor"
floor gateway-cloud nginx-auth "$cloud_floor"
for problem in "${problems[@]}"; do echo "problem: $problem"; done
if [ "${#problems[@]}" -gt 0 ]; then exit 1; fi
