# awsmfa for zsh. At the end of ~/.zshrc: eval "$(awsmfa hook zsh)"

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

_awsmfa_bin='@AWSMFA@'

# -- What this shell remembers -------------------------------------------------------------------
# Unexported, and never taken from the environment: nothing inherited reaches an arithmetic. Sourced
# again, it remembers what a session took away and what a failed switch put aside.

_awsmfa_begin() {
  builtin emulate -LR zsh
  if (( ! ${+functions[_awsmfa_prompt]} )); then
    builtin unset -v _awsmfa_kept _awsmfa_kept_in _awsmfa_aside
    builtin unset -v _awsmfa_kept_profile _awsmfa_kept_default _awsmfa_kept_region _awsmfa_kept_default_region
  fi
  _awsmfa_next=0
  _awsmfa_unreachable=0
  _awsmfa_now=0
  _awsmfa_said=
  _awsmfa_session=$AWSMFA_SESSION
  _awsmfa_profile=$AWS_PROFILE
  _awsmfa_default=$AWS_DEFAULT_PROFILE
}
_awsmfa_begin

# -- The clock -----------------------------------------------------------------------------------
# No process. A small zsh may lack the module: then a variable of its name is nobody's clock.

builtin zmodload -F zsh/datetime p:EPOCHSECONDS 2>/dev/null || builtin unset -v EPOCHSECONDS

# -- Whose session -------------------------------------------------------------------------------
# Ours only while the key is the one that was written down; an end only if it is a plain number.

_awsmfa_is_ours() {
  [[ -n $AWS_ACCESS_KEY_ID && $AWSMFA_SESSION == ${AWS_ACCESS_KEY_ID}:?* ]]
}

# (It runs at every prompt, under the user's options. One function, since calling another costs more
# than all that it does: 7 of 30 microseconds.)
_awsmfa_is_due() {
  [[ -n "${AWSMFA_EXPIRES-}" && "${AWSMFA_EXPIRES}" != 0* && "${AWSMFA_EXPIRES}" != *[!0123456789]* ]] &&
    [[ ${#AWSMFA_EXPIRES} -le 12 ]] &&
    builtin typeset -g _awsmfa_now=${EPOCHSECONDS:-${(%):-%D{%s}}} &&
    (( _awsmfa_now >= AWSMFA_EXPIRES - 600 ))
}

# -- Words ---------------------------------------------------------------------------------------

_awsmfa_say() { builtin print -ru2 -- "awsmfa: $1" }

# The command for a new session. A name that no profile can have is not repeated.
_awsmfa_hint() {
  _awsmfa_run='run awsmfa use'
  if [[ -n $1 && $1 != *[^-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_/.%@:+]* ]]; then
    _awsmfa_run+=" $1"
  fi
}

# -- Into this shell -----------------------------------------------------------------------------
# What is evaluated holds secrets. The functions that lead here begin with `emulate -LR`, which turns
# tracing off until they return.

# Evaluates what `awsmfa use` prints for a hook, a failure too.
_awsmfa_load() {
  builtin local code result=0
  code=$("$_awsmfa_bin" use --shell zsh "$@") || result=$?
  case $code in
    ('builtin unset '*|'false;'*) builtin eval "$code" || (( result )) || result=1 ;;
  esac
  builtin return $result
}

# The same at a prompt: silent, 3 seconds at most, and a failure changes nothing. Where AWS did not
# answer (4), only stored sessions are looked for in the next minute. $1 is the session to act for.
_awsmfa_load_silently() {
  builtin local code result=0 only= id=$AWS_ACCESS_KEY_ID session=$AWSMFA_SESSION
  if [[ -n $1 ]]; then id=${1%%:*} session=$1; fi
  [[ -x $_awsmfa_bin ]] || builtin return 1
  builtin shift
  _awsmfa_now=${EPOCHSECONDS:-${(%):-%D{%s}}}
  if (( _awsmfa_now < _awsmfa_unreachable )); then only=--only-stored; fi
  code=$(
    AWS_ACCESS_KEY_ID=$id AWSMFA_SESSION=$session \
      "$_awsmfa_bin" env --shell zsh --no-input --at-prompt --keep-profile ${only:+$only} "$@" 2>/dev/null
  ) || result=$?
  if (( result == 4 )); then _awsmfa_unreachable=$(( _awsmfa_now + 60 )); fi
  (( ! result )) && [[ $code == 'builtin unset '* ]] && builtin eval "$code"
}

# -- Out of this shell ---------------------------------------------------------------------------

_awsmfa_drop() {
  builtin local region=$AWSMFA_REGION
  builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
    AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION
  if [[ -n $region && $AWS_REGION == "$region" ]]; then builtin unset -v AWS_REGION; fi
  if [[ -n $region && $AWS_DEFAULT_REGION == "$region" ]]; then builtin unset -v AWS_DEFAULT_REGION; fi
}

# -- The profile variable ------------------------------------------------------------------------
# A session that it brought carries the former one behind its entry in AWSMFA_SESSION, so that a
# nested shell knows too. `aside` is the former one while there is none.

_awsmfa_bring_back() {
  [[ -n $1 ]] && _awsmfa_load_silently "$1" --renew --min-ttl 1m
}

_awsmfa_follow() {
  builtin emulate -LR zsh
  builtin local from=${_awsmfa_profile:-$_awsmfa_default} to=${AWS_PROFILE:-$AWS_DEFAULT_PROFILE}
  builtin local former brought=
  if _awsmfa_is_ours; then
    former=$AWSMFA_SESSION
    if [[ $former == *:*:* ]]; then brought=1 former=${former#*:*:}; fi
    builtin unset -v _awsmfa_aside
  elif [[ -n ${_awsmfa_aside+set} && -z $AWS_ACCESS_KEY_ID ]]; then
    former=$_awsmfa_aside brought=1
  else
    builtin return 0
  fi
  if [[ $to == "$from" ]]; then
    builtin return 0
  elif [[ -n $to ]]; then
    if _awsmfa_load_silently '' --profile="$to"; then
      builtin export AWSMFA_SESSION="$AWSMFA_SESSION:$former"
      builtin return 0
    fi
    if _awsmfa_is_ours; then _awsmfa_drop; fi
    _awsmfa_aside=$former
    _awsmfa_hint "$to"
    _awsmfa_say "the profile variable has changed, and there is no session of that profile: $_awsmfa_run"
  elif [[ -n $brought ]]; then
    builtin unset -v _awsmfa_aside
    if _awsmfa_is_ours; then _awsmfa_drop; fi
    _awsmfa_bring_back "$former" ||
      _awsmfa_say 'the session that the profile variable brought is gone with it: run awsmfa use'
  elif [[ $AWSMFA_SESSION != "$_awsmfa_session" ]]; then
    _awsmfa_keep "$_awsmfa_profile" "$_awsmfa_default" '' ''
  fi
}

# -- The end of a session ------------------------------------------------------------------------

_awsmfa_renew() {
  builtin emulate -LR zsh
  _awsmfa_is_ours || builtin return 0
  builtin local session=$AWSMFA_SESSION profile=$AWSMFA_PROFILE
  if (( _awsmfa_now >= _awsmfa_next )); then
    _awsmfa_next=$(( _awsmfa_now + 60 ))
    if _awsmfa_load_silently '' --renew --min-ttl 10m; then
      if [[ $session == *:*:* ]]; then builtin export AWSMFA_SESSION="$AWSMFA_SESSION:${session#*:*:}"; fi
      builtin return 0
    fi
    _awsmfa_is_due || builtin return 0
  fi
  _awsmfa_hint "$profile"
  if (( _awsmfa_now >= AWSMFA_EXPIRES )); then
    if [[ $session == *:*:* ]]; then _awsmfa_aside=${session#*:*:}; fi
    _awsmfa_drop
    if [[ -z $AWS_PROFILE$AWS_DEFAULT_PROFILE ]]; then _awsmfa_give_back; fi
    _awsmfa_say "the session has ended: $_awsmfa_run"
  elif [[ $_awsmfa_said != "$session" ]]; then
    _awsmfa_said=$session
    _awsmfa_say "the session ends in $(( (AWSMFA_EXPIRES - _awsmfa_now + 59) / 60 )) min and cannot be renewed: $_awsmfa_run"
  fi
}

# -- The prompt check ----------------------------------------------------------------------------
# Nothing to do costs two comparisons, and with a session a look at the clock. zsh keeps $? and
# pipestatus by itself.

_awsmfa_prompt() {
  if [[ "${AWS_PROFILE-}" != "${_awsmfa_profile}" || "${AWS_DEFAULT_PROFILE-}" != "${_awsmfa_default}" ]]; then
    _awsmfa_follow
    builtin typeset -g _awsmfa_profile="${AWS_PROFILE-}" _awsmfa_default="${AWS_DEFAULT_PROFILE-}"
  fi
  if [[ -n "${AWSMFA_EXPIRES-}" ]] && _awsmfa_is_due; then
    _awsmfa_renew
    builtin typeset -g _awsmfa_profile="${AWS_PROFILE-}" _awsmfa_default="${AWS_DEFAULT_PROFILE-}"
  fi
  if [[ "${AWSMFA_SESSION-}" != "${_awsmfa_session}" ]]; then
    builtin typeset -g _awsmfa_session="${AWSMFA_SESSION-}"
  fi
}

# -- awsmfa use, awsmfa off ----------------------------------------------------------------------

# The first that a session takes away is what its end and `off` give back. What direnv put there is its
# own to give, so it comes back only in the same directory.
_awsmfa_keep() {
  [[ -z $_awsmfa_kept ]] || builtin return 0
  _awsmfa_kept=1 _awsmfa_kept_in=$DIRENV_DIR
  _awsmfa_kept_profile=$1 _awsmfa_kept_default=$2 _awsmfa_kept_region=$3 _awsmfa_kept_default_region=$4
}

_awsmfa_give_back() {
  if [[ -n $_awsmfa_kept && $_awsmfa_kept_in == "$DIRENV_DIR" ]]; then
    if [[ -n $_awsmfa_kept_profile ]]; then builtin export AWS_PROFILE="$_awsmfa_kept_profile"; fi
    if [[ -n $_awsmfa_kept_default ]]; then builtin export AWS_DEFAULT_PROFILE="$_awsmfa_kept_default"; fi
    if [[ -z $AWS_REGION && -n $_awsmfa_kept_region ]]; then
      builtin export AWS_REGION="$_awsmfa_kept_region"
    fi
    if [[ -z $AWS_DEFAULT_REGION && -n $_awsmfa_kept_default_region ]]; then
      builtin export AWS_DEFAULT_REGION="$_awsmfa_kept_default_region"
    fi
  fi
  _awsmfa_kept=
}

_awsmfa_use() {
  builtin emulate -LR zsh
  builtin local profile=$AWS_PROFILE default=$AWS_DEFAULT_PROFILE
  builtin local region=$AWS_REGION default_region=$AWS_DEFAULT_REGION
  if [[ $region == "$AWSMFA_REGION" ]]; then region=; fi
  if [[ $default_region == "$AWSMFA_REGION" ]]; then default_region=; fi
  _awsmfa_load "$@" || builtin return
  _awsmfa_keep "$profile" "$default" "$region" "$default_region"
  builtin unset -v _awsmfa_aside
}

_awsmfa_off() {
  builtin emulate -LR zsh
  if _awsmfa_is_ours || [[ -n $AWS_SESSION_TOKEN$AWS_SECURITY_TOKEN ]]; then
    _awsmfa_drop
    builtin unset -v AWS_SECURITY_TOKEN
  else
    _awsmfa_say 'there is no session in this shell'
    builtin unset -v AWSMFA_PROFILE
  fi
  builtin unset -v _awsmfa_aside
  _awsmfa_give_back
}

# An alias of this name would win. (Without the keyword it would make the definition a syntax error.)
builtin unalias awsmfa 2>/dev/null || builtin true
function awsmfa {
  builtin emulate -LR zsh
  builtin local word acts= result=0
  case $1 in
    (use) acts=_awsmfa_use ;;
    (off) if (( $# == 1 )); then acts=_awsmfa_off; fi ;;
  esac
  for word in "$@"; do
    case $word in (-h|--help) acts= ;; esac
  done
  if [[ -z $acts ]]; then
    "$_awsmfa_bin" "$@"
    builtin return
  fi
  builtin shift
  $acts "$@" || result=$?
  _awsmfa_profile=$AWS_PROFILE _awsmfa_default=$AWS_DEFAULT_PROFILE
  builtin return $result
}

# -- Installing ----------------------------------------------------------------------------------

# In a subshell what it changes would be lost.
_awsmfa_chpwd() { (( ZSH_SUBSHELL )) || _awsmfa_prompt }

_awsmfa_end() {
  builtin emulate -LR zsh
  builtin typeset -ga precmd_functions
  (( ${precmd_functions[(Ie)_awsmfa_prompt]} )) || precmd_functions+=(_awsmfa_prompt)
  # direnv acts at once where a directory is left, and puts itself first: `cd ../b && aws ...`.
  builtin typeset -ga chpwd_functions
  (( ${chpwd_functions[(Ie)_awsmfa_chpwd]} )) || chpwd_functions+=(_awsmfa_chpwd)
}
_awsmfa_end
