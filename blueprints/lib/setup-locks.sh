# shellcheck shell=bash
#
# Who installs, and who runs from what was installed. Part of functions.sh.
#
# setup.lock is held by the one that installs, while it does. setup.users is shared by all that run from these files, as long
# as any of their processes lives, and is wanted alone by the one that installs: nothing is exchanged under a training that
# runs. The kernel gives both back, however a process ends.

_aikore_lock_setup() {
  exec 199>>"$_AIKORE_STATE/setup.lock" || return 1
  command -v flock >/dev/null 2>&1 || aikore_need flock
  flock --nonblock 199 && return
  # 1: somebody has it. Others: this file system knows no locks, and an installation alone is what is usual.
  [[ $? -eq 1 ]] || return 0
  aikore_step "Waiting for another start that installs"
  flock 199
}

_aikore_unlock_setup() { exec 199>&-; }

# From here on nothing is installed until this instance has ended: what is started afterwards inherits the lock.
# Where it cannot be had, an instance runs without this protection.
_aikore_hold_files() {
  command -v flock >/dev/null 2>&1 || return 0
  exec 198>>"$_AIKORE_STATE/setup.users" || return 0
  flock --shared --nonblock 198 && return
  [[ $? -eq 1 ]] || return 0
  aikore_step "Waiting for another start that installs"
  flock --shared 198 || return 0
}

_aikore_release_files() { exec 198>&-; }

# Waits for those that only look whether everything is installed.
_aikore_has_files_alone() {
  exec 198>>"$_AIKORE_STATE/setup.users" || return 0
  flock --exclusive --timeout 2 198 && return
  [[ $? -ne 1 ]]
}

# What is wanted cannot be installed now, because another instance runs from these files.
_aikore_put_off_setup() {
  local why="${_AIKORE_WHY%%;*}"
  why="${why%.}"
  if [[ -n $_AIKORE_IS_BROKEN || ! (-f $_AIKORE_STATE/setup.done || -f $_AIKORE_STATE/setup.notes) ]]; then
    aikore_error "${why:-Nothing is installed}, and another instance runs from these files. Stop it, then start this one again."
    return 1
  fi
  aikore_warn "${why:-Something is still to be installed}. Nothing is installed while another instance runs from these files: this one runs with what is there. Stop all of them to have it installed."
}
