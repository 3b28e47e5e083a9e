#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Idle
# aikore.category = Benchmarks
# aikore.probe = process
### AIKORE-METADATA-END ###
exec sleep infinity
