#!/usr/bin/env bash
# How long the first answer takes, from the start of the process to its end, on the page:
#   cargo build --release && benches/answers.sh
# Prints the median and the least of 41 runs of each command, in milliseconds.
set -euo pipefail
cd "$(dirname "$0")/.."
tupu=target/release/tupu

measure() {
    local begin end
    for _ in $(seq 41); do
        begin=$(date +%s%N)
        "$tupu" "$@" >/dev/null 2>&1
        end=$(date +%s%N)
        echo $(((end - begin) / 10000))
    done | sort -n | awk -v what="tupu $*" '
        { time[NR] = $1 / 100 }
        END { printf "%8.1f %8.1f  %s\n", time[(NR + 1) / 2], time[1], what }'
}

printf '%8s %8s\n' median least
measure --version
measure show 金凤实验室
measure why 金凤实验室 天府锦城实验室
measure path 张剡 成都市
measure search chongqing
measure targets
measure query signatories --limit 5
