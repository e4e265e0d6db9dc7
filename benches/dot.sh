#!/usr/bin/env bash
# tupu and Graphviz' dot lay out the same figures, one after the other, in one run:
#   cargo build --release && benches/dot.sh
# Prints seconds of processor time for each, and the ratio; a question mark where dot gives up, which
# it does on some figures of many boxes. Needs Graphviz.
set -euo pipefail
cd "$(dirname "$0")/.."
tupu=target/release/tupu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# NODES EDGES GROUPS: a graph without circles, on which dot gives up among boxes, in which four of
# five edges stay in their group.
graph() {
    awk -v nodes="$1" -v edges="$2" -v groups="$3" '
    function below(limit) {
        seed = (seed * 1103515245 + 12345) % 2147483648
        return int(seed / 65536) % limit
    }
    BEGIN {
        seed = 12345; a = "<https://a.example/"; size = int(nodes / groups)
        for (at = 0; at < nodes; at++) {
            printf "%sn%d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> %sThing> .\n", a, at, a
            printf "%sn%d> %sin> %sg%d> .\n", a, at, a, a, int(at / size) % groups
        }
        for (at = 0; at < groups; at++)
            printf "%sg%d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> %sGroup> .\n", a, at, a
        for (at = 0; at < edges; at++) {
            from = below(nodes)
            to = at % 5 ? int(from / size) * size + below(size) : below(nodes)
            if (from != to)
                printf "%sn%d> %sjoins> %sn%d> .\n", a, from < to ? from : to, a, a, from < to ? to : from
        }
    }'
}

# Seconds of processor time that a command takes, with a question mark if it fails.
seconds() {
    local TIMEFORMAT='%U %S' time
    if time=$({ time "$@" >/dev/null 2>&1; } 2>&1); then
        awk '{ print $1 + $2 }' <<<"$time"
    else
        awk '{ print $1 + $2 "?" }' <<<"$time"
    fi
}

printf '%8s %8s %8s %10s %10s %8s\n' nodes edges groups tupu dot ratio
for shape in "60 90 6" "300 450 15" "1000 1500 25" "1000 1500 50"; do
    read -r nodes edges groups <<<"$shape"
    graph "$nodes" "$edges" "$groups" >"$folder/graph.nt"
    # Groups that are drawn as boxes only.
    figure=("$tupu" draw --graph "$folder/graph.nt" --cluster in --max-nodes 100000)
    "${figure[@]}" --format dot -o "$folder/graph.dot" 2>/dev/null
    ours=$(seconds "${figure[@]}" --format svg -o "$folder/graph.svg")
    theirs=$(seconds dot -Tsvg "$folder/graph.dot" -o "$folder/dot.svg")
    awk -v n="$nodes" -v e="$edges" -v g="$groups" -v a="$ours" -v b="$theirs" \
        'BEGIN { printf "%8d %8d %8d %10.2f %10s %8.0f\n", n, e, g, a, b, b / (a > 0 ? a : 0.01) }'
done
