#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = First line
# aikore.category = Benchmarks
# aikore.probe = process
### AIKORE-METADATA-END ###
echo "$EPOCHREALTIME"
