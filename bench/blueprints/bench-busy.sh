#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Busy
# aikore.category = Benchmarks
# aikore.probe = process
### AIKORE-METADATA-END ###
while :; do :; done
