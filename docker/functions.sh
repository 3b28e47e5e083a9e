# shellcheck shell=bash
# Where scripts of the original AiKore look for it.
# shellcheck source=blueprints/functions.sh
source "${BASH_SOURCE[0]%/*}/blueprints/functions.sh"
