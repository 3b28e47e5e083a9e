# shellcheck shell=bash
# What lives of all that AiKore has started and that outlives it: runners of instances, hosts of terminals. The spawner,
# which is the runner's program too, ends with AiKore. States of processes: all but zombies.
lives() { pgrep --runstates RSDTt --full "^[^ ]*/$1 " >/dev/null; }
has_instances() { lives 'aikore-runner --record'; }
has_terminals() { lives aikore-terminal; }
