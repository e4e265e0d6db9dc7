#!/usr/bin/env bash
# Whole processes beside their peers, all in one run on one machine:
#   KGBENCH=DIR benches/peers.sh [EDGES...]     default: 1000000
# Prints the table of docs/performance.md. KGBENCH holds the generator of the graphs (gen), the bound programs (bounds)
# and the drivers of the peers (peers); by default ../shared/bench. A graph of ten million edges takes 5 GB of disk.
# Needs Rust and Debian; installs the peers: serdi (a package), maplib, pyoxigraph, rdflib, networkx (Python).
set -euo pipefail
cd "$(dirname "$0")/.."
kgbench=$(realpath "${KGBENCH:-../shared/bench}")
work=${WORK:-target/peers}
mkdir -p "$work"
work=$(realpath "$work")

for tool in serdi:serdi; do
    command -v "${tool%:*}" >/dev/null || { apt-get update -q && apt-get install -qy "${tool#*:}"; } >&2
done
if [ ! -x "$work/v/bin/python" ]; then
    python3 -m venv "$work/v"
    "$work/v/bin/pip" -q install maplib==0.20.26 polars pyoxigraph==0.5.13 rdflib==7.6.0 networkx==3.6.1 matplotlib
fi
for crate in gen bounds; do
    CARGO_TARGET_DIR="$work/target-$crate" cargo build -q --release --manifest-path "$kgbench/$crate/Cargo.toml"
done
cargo build -q --release
for edges in "${@:-1000000}"; do
    [ -s "$work/$edges/meta.json" ] || "$work/target-gen/release/kgbench-gen" kg "$edges" "$work/$edges"
done
exec "$work/v/bin/python" benches/peers.py "$kgbench" "$work" "${@:-1000000}"
