#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Server
# aikore.category = Benchmarks
# aikore.probe = http
### AIKORE-METADATA-END ###
exec "$BENCH_NODE" "$BENCH_ORIGIN" "$WEBUI_PORT"
