#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Stamp
# aikore.category = Benchmarks
# aikore.probe = process
### AIKORE-METADATA-END ###
# Notes when it began, then does nothing.
echo "$EPOCHREALTIME" >>"$STAMPS"
exec sleep infinity
