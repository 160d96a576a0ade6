#!/usr/bin/env bash
# What one request costs: processor time of the gateway beside nginx and haproxy, on this machine, side by side.
# `src/bench/speed.sh --help` says what can be chosen; src/bench/lib/speed.py says how it is measured.
# Without python3 it does nothing, says so, and the exit status is 0 unless REQUIRE_PEERS names it.
set -euo pipefail
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1
export PATH=$PATH:/usr/sbin

if ! command -v python3 >/dev/null; then
  case ",${REQUIRE_PEERS:-}," in
    *",python3,"*) echo "python3: not installed (expected: installed, REQUIRE_PEERS names it)" >&2 && exit 1 ;;
  esac
  echo "skipped: python3 is not installed"
  exit 0
fi
exec python3 "$(dirname -- "$(readlink -f -- "$0")")/lib/speed.py" "$@"
