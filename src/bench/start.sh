#!/usr/bin/env bash
# How long a start takes: from the command to the first answer that came through the gateway from its origin, and the processor time and
# memory until then. For each Java here, 17 or newer, as unpacked, and as docker/assemble.sh puts it into packages and images: with
# an archive of classes (17) or an AOT cache (25). With --load: what a request costs in the first seconds. `src/bench/start.sh --help`
# says what can be chosen.
set -euo pipefail
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1
exec python3 "$(dirname -- "$(readlink -f -- "$0")")/lib/start.py" "$@"
