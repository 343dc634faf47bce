# awsmfa for zsh. At the end of ~/.zshrc: eval "$(awsmfa hook zsh)"
# The program decides, this notices and obeys (docs/hook-protocol.md).

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

_awsmfa_bin='@AWSMFA@'

# -- What this shell remembers -------------------------------------------------------------------
# Unexported, and never taken from the environment. Sourced again, it keeps what the program knew.

_awsmfa_begin() {
  builtin emulate -LR zsh
  if (( ! ${+functions[_awsmfa_prompt]} )); then
    builtin unset -v _awsmfa_memory _awsmfa_seen _awsmfa_here _awsmfa_next _awsmfa_pins _awsmfa_put _awsmfa_now
    _awsmfa_memory=0
  fi
  _awsmfa_seen= _awsmfa_here= _awsmfa_next=0 _awsmfa_pins= _awsmfa_put= _awsmfa_now=0
}
_awsmfa_begin

# -- The clock -----------------------------------------------------------------------------------
# No process. A small zsh may lack the module: then a variable of its name is nobody's clock.

builtin zmodload -F zsh/datetime p:EPOCHSECONDS 2>/dev/null || builtin unset -v EPOCHSECONDS

# -- Noticing ------------------------------------------------------------------------------------
# At each prompt, under the user's options. zsh keeps $? and pipestatus by itself.

_awsmfa_look() {
  _awsmfa_here="${AWS_PROFILE-}|${AWS_DEFAULT_PROFILE-}|${AWSMFA_SESSION-}|${AWSMFA_EXPIRES-}|${_awsmfa_pins:+${PWD}}"
}

_awsmfa_prompt() {
  _awsmfa_look
  if [[ "${_awsmfa_here}" != "${_awsmfa_seen}" ]]; then
    _awsmfa_ask || builtin true
  elif [[ "${_awsmfa_next}" != 0 && ! ${EPOCHSECONDS:-${(%):-%D{%s}}} < "${_awsmfa_next}" ]]; then
    _awsmfa_ask || builtin true
  fi
}

# -- Obeying -------------------------------------------------------------------------------------
# What is evaluated holds secrets: `emulate -LR` turns tracing off until the function returns. Without an
# answer: again in a minute. At a prompt Ctrl-C ends the program, which answers that, and not this.

_awsmfa_ask() {
  builtin emulate -LR zsh
  builtin local answer result=0
  _awsmfa_now=${EPOCHSECONDS:-${(%):-%D{%s}}} _awsmfa_put=
  _awsmfa_next=$(( _awsmfa_now + 60 ))
  if (( ! $# )) && [[ ! -x $_awsmfa_bin ]]; then
    _awsmfa_gone
    _awsmfa_put=1
  else
    if (( ! $# )); then builtin trap '' INT; fi
    answer=$(builtin trap - INT; "$_awsmfa_bin" hooked zsh "$_awsmfa_memory" "$@") || result=$?
    if [[ $answer == '_awsmfa_memory='*' && _awsmfa_put=1;' ]]; then
      builtin eval "$answer" || builtin true
    elif (( $# )) || [[ $_awsmfa_here != "$_awsmfa_seen" ]]; then
      _awsmfa_drop 'awsmfa gave no answer, so its session is no longer in this shell'
    fi
  fi
  _awsmfa_look
  _awsmfa_seen=$_awsmfa_here
  (( result )) || [[ -n $_awsmfa_put ]] || result=1
  builtin return $result
}

# -- Without the program -------------------------------------------------------------------------
# Nothing, but what is ours goes when it ends; and at once where a killed program left a change unanswered.

_awsmfa_gone() {
  [[ ${#AWSMFA_EXPIRES} == 10 && $AWSMFA_EXPIRES != (0*|*[^0123456789]*) ]] || builtin return 0
  (( _awsmfa_now < AWSMFA_EXPIRES )) || _awsmfa_drop "the session has ended, and there is no awsmfa at $_awsmfa_bin any more"
}

_awsmfa_drop() {
  [[ $AWSMFA_SESSION == ${AWS_ACCESS_KEY_ID}:?* ]] || builtin return 0
  builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION
  [[ $AWS_REGION != "$AWSMFA_REGION" ]] || builtin unset -v AWS_REGION
  [[ $AWS_DEFAULT_REGION != "$AWSMFA_REGION" ]] || builtin unset -v AWS_DEFAULT_REGION
  [[ $AWS_VAULT != "$AWSMFA_PROFILE" ]] || builtin unset -v AWS_VAULT
  builtin unset -v AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION
  builtin print -ru2 -- "awsmfa: $1"
}

# -- The function --------------------------------------------------------------------------------
# An alias of this name would win. (Without the keyword it would make the definition a syntax error.)

builtin unalias awsmfa 2>/dev/null || builtin true
function awsmfa {
  builtin emulate -LR zsh
  if [[ ${1/#%--verbose/$2} == (use|off|pin|unpin) ]] && (( ! ${argv[(I)-h]} && ! ${argv[(I)--help]} )); then
    _awsmfa_ask "$@"
  else
    "$_awsmfa_bin" "$@"
  fi
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
