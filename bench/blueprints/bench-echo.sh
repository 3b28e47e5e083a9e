#!/usr/bin/env bash
### AIKORE-METADATA-START ###
# aikore.name = Echo
# aikore.category = Benchmarks
# aikore.probe = process
### AIKORE-METADATA-END ###
# Prints what is written into the pipe `in`. Open for reading and writing, it never comes to an end.
rm -f "$INSTANCE_CONF_DIR/in"
mkfifo "$INSTANCE_CONF_DIR/in"
exec cat <>"$INSTANCE_CONF_DIR/in"
