#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Flow
# aikore.category = Benchmarks
# aikore.probe = process
### AIKORE-METADATA-END ###
# Prints a line 25 times a second.
exec perl -e '$| = 1; for (my $n = 1;; $n++) { print "\e[32mstep\e[0m $n/500000  loss 0.0123  lr 1.0e-04  2.34 it/s\n"; select undef, undef, undef, 0.04 }'
