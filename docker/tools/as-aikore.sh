# shellcheck shell=bash
# Sets `as_aikore`, which begins a command that runs as AiKore's own user, with what it takes to start, end and own what
# belongs to applications, and no more. Needs PGID; called by root.

readonly aikore_capabilities=-all,+chown,+dac_override,+fowner,+kill,+setgid,+setuid
# Ambient capabilities, because those of files count for nothing under no-new-privileges.
as_aikore=(
  setpriv --reuid 9900 --regid 9900 --groups "9900,$PGID" --no-new-privs
  --inh-caps "$aikore_capabilities" --ambient-caps "$aikore_capabilities" --bounding-set "$aikore_capabilities"
)

# Tried once with a program that does nothing: the engine may have been told to withhold what this takes.
check_privileges() {
  local why
  why=$("${as_aikore[@]}" true 2>&1) ||
    refuse "The container may not run applications as another user ($why). It needs the capabilities CHOWN, DAC_OVERRIDE, FOWNER, KILL, SETGID, SETPCAP and SETUID, or to be started as an ordinary user (--user)."
}
