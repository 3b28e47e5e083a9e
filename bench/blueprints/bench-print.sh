#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Print
# aikore.category = Benchmarks
# aikore.probe = process
### AIKORE-METADATA-END ###
# Prints FLOOD_BYTES bytes of lines, then does nothing.
yes 'step 1234/5000  loss 0.0123  lr 1.0e-04  2.34 it/s  eta 00:12:34' | head -c "$FLOOD_BYTES"
exec sleep infinity
