# awsmfa for bash, 3.2 and later. At the end of ~/.bashrc (on a Mac ~/.bash_profile): eval "$(awsmfa hook bash)"
# The program decides, this notices and obeys (docs/hook-protocol.md).

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

_awsmfa_bin='@AWSMFA@'

# -- What this shell remembers -------------------------------------------------------------------
# Unexported, and never taken from the environment. Sourced again, it keeps what the program knew.

if ! builtin declare -F _awsmfa_prompt >/dev/null; then
  builtin unset -v _awsmfa_memory _awsmfa_seen _awsmfa_here _awsmfa_next _awsmfa_pins _awsmfa_put _awsmfa_now || :
  _awsmfa_memory=0
fi
_awsmfa_seen='' _awsmfa_next=0 _awsmfa_pins=''

# -- The clock -----------------------------------------------------------------------------------
# No process. bash 3.2 counts from what one `date` says, and asks again before it acts on it.

if ((BASH_VERSINFO[0] >= 5)) && [[ -n ${EPOCHSECONDS-} ]]; then
  _awsmfa_clock() { _awsmfa_now=${EPOCHSECONDS:-0}; }
elif ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 402)); then
  _awsmfa_clock() { builtin printf -v _awsmfa_now '%(%s)T' -1; }
else
  _awsmfa_start=0 _awsmfa_ticks=999999999
  _awsmfa_clock() {
    _awsmfa_now=$((_awsmfa_start + SECONDS))
    if ((SECONDS < _awsmfa_ticks || _awsmfa_now >= _awsmfa_next)); then
      _awsmfa_now=$(builtin command date +%s)
      _awsmfa_start=$((_awsmfa_now - SECONDS))
    fi
    _awsmfa_ticks=${SECONDS}
  }
fi

# -- Noticing ------------------------------------------------------------------------------------

_awsmfa_look() {
  _awsmfa_here="${AWS_PROFILE-}|${AWS_DEFAULT_PROFILE-}|${AWSMFA_SESSION-}|${AWSMFA_EXPIRES-}|${_awsmfa_pins:+${PWD}}"
}

_awsmfa_prompt() {
  _awsmfa_last=$?
  _awsmfa_look
  if [[ ${_awsmfa_here} != "${_awsmfa_seen}" ]]; then
    _awsmfa_ask || :
  elif [[ ${_awsmfa_next} != 0 ]]; then
    _awsmfa_clock
    if ((_awsmfa_now >= _awsmfa_next)); then _awsmfa_ask || :; fi
  fi
  # A status that is not 0 would end a shell with `set -e`, which keeps $? by itself.
  if [[ $- == *e* ]]; then _awsmfa_last=0; fi
  builtin return "${_awsmfa_last}"
}

# -- Obeying -------------------------------------------------------------------------------------
# What is evaluated holds secrets, so tracing is off meanwhile. Without an answer: again in a minute.

_awsmfa_ask() {
  { builtin local answer status=0 flags=$- && builtin set +xv; } 2>/dev/null
  _awsmfa_clock
  _awsmfa_next=$((_awsmfa_now + 60)) _awsmfa_put=''
  if [[ $# == 0 && ! -x ${_awsmfa_bin} ]]; then
    _awsmfa_gone
    _awsmfa_put=1
  else
    answer=$("${_awsmfa_bin}" hooked bash "${_awsmfa_memory}" "$@") || status=$?
    case ${answer} in
      '_awsmfa_memory='*' && _awsmfa_put=1;') builtin eval "${answer}" || : ;;
      *) [[ $# == 0 && ${_awsmfa_here} == "${_awsmfa_seen}" ]] || _awsmfa_drop 'awsmfa gave no answer, so its session is no longer in this shell' ;;
    esac
  fi
  _awsmfa_look
  _awsmfa_seen=${_awsmfa_here}
  [[ ${status} != 0 || -n ${_awsmfa_put} ]] || status=1
  [[ ${flags} != *v* ]] || builtin set -v
  [[ ${flags} != *x* ]] || builtin set -x
  builtin return "${status}"
}

# -- Without the program -------------------------------------------------------------------------
# Nothing, but what is ours goes when it ends; and at once where a killed program left a change unanswered.

_awsmfa_gone() {
  case ${AWSMFA_EXPIRES-} in *[!0123456789]* | 0*) builtin return 0 ;; ??????????) ;; *) builtin return 0 ;; esac
  ((_awsmfa_now < AWSMFA_EXPIRES)) || _awsmfa_drop "the session has ended, and there is no awsmfa at ${_awsmfa_bin} any more"
}

_awsmfa_drop() {
  [[ ${AWSMFA_SESSION-} == "${AWS_ACCESS_KEY_ID-}":?* ]] || builtin return 0
  builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION || :
  [[ ${AWS_REGION-} != "${AWSMFA_REGION-}" ]] || builtin unset -v AWS_REGION || :
  [[ ${AWS_DEFAULT_REGION-} != "${AWSMFA_REGION-}" ]] || builtin unset -v AWS_DEFAULT_REGION || :
  [[ ${AWS_VAULT-} != "${AWSMFA_PROFILE-}" ]] || builtin unset -v AWS_VAULT || :
  builtin unset -v AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION || :
  builtin printf 'awsmfa: %s\n' "$1" >&2
}

# -- The function --------------------------------------------------------------------------------
# An alias of this name would win, and would make the definition a syntax error.

builtin unalias awsmfa 2>/dev/null || :
function awsmfa {
  builtin local command=${1-} word
  if [[ ${command} == --verbose ]]; then command=${2-}; fi
  for word in "$@"; do
    if [[ ${word} == -h || ${word} == --help ]]; then command=''; fi
  done
  case ${command} in use | off | pin | unpin) _awsmfa_ask "$@" ;; *) "${_awsmfa_bin}" "$@" ;; esac
}

# -- Installing ----------------------------------------------------------------------------------
# Last, so that the user's own commands before it see their $? and PIPESTATUS.

if [[ ${PROMPT_COMMAND[*]-} != *_awsmfa_prompt* ]]; then
  if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)) && [[ $(builtin declare -p PROMPT_COMMAND 2>/dev/null) == 'declare -a'* ]]; then
    PROMPT_COMMAND+=(_awsmfa_prompt)
  else
    # shellcheck disable=SC2179  # a string, or before bash 5.1 an array whose first word counts
    PROMPT_COMMAND+=${PROMPT_COMMAND:+$'\n'}_awsmfa_prompt
  fi
fi
