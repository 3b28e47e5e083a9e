#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Server
# aikore.category = Benchmarks
# aikore.probe = http
### AIKORE-METADATA-END ###
# It listens late enough for a request to come before.
exec "$BENCH_NODE" "$BENCH_ORIGIN" "$WEBUI_PORT" 300
