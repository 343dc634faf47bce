# awsmfa for direnv. Once: awsmfa hook direnv > ~/.config/direnv/lib/awsmfa.sh
# Then in an .envrc: use awsmfa [PROFILE] [--role-arn ARN ...]
# shellcheck shell=bash

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

_awsmfa_bin='@AWSMFA@'

# -- Into this directory -------------------------------------------------------------------------
# A renewal elsewhere writes the session's file, which loads the directory again. An .envrc that fails
# would bring the outer account's keys back: so a failure takes every key away and is no failure.

use_awsmfa() {
  local flags=$- file code status=0
  { set +xv; } 2>/dev/null
  file=$("${_awsmfa_bin}" env --where-stored "$@" 2>/dev/null) || file=
  code=$("${_awsmfa_bin}" env --shell bash "$@") || status=$?
  # Behind the call, which writes it: before, the directory would be loaded twice.
  if [[ -n ${file} ]]; then watch_file "${file}"; fi
  # What a failure prints is evaluated too: it takes a region of ours away.
  eval "${code}" || status=$?
  if [[ ${status} != 0 ]]; then
    unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN \
      AWS_CREDENTIAL_EXPIRATION AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION || :
    log_error "use awsmfa $*: no session, so there are no AWS keys in this directory"
  fi
  if [[ ${flags} == *v* ]]; then set -v; fi
  if [[ ${flags} == *x* ]]; then set -x; fi
  return 0
}
