# Completion of awsmfa for bash, 3.2 and later. In ~/.bashrc (on a Mac ~/.bash_profile): eval "$(awsmfa completions bash)"
#
# Not the script of clap_complete: readline also splits at : and = and @, which are in --profile=NAME
# and in names of profiles. So words are put together again before the program is asked, and what
# stands before readline's last split is taken off its answers.

_awsmfa_offered() {
  _CLAP_IFS=$'\n' _CLAP_COMPLETE_INDEX=$(($# - 1)) AWSMFA_COMPLETE=bash awsmfa -- "$@"
}

_awsmfa_complete() {
  local line=${COMP_LINE:0:COMP_POINT} words=() at last=-1 piece
  for ((at = 0; at <= COMP_CWORD; at++)); do
    piece=${COMP_WORDS[at]}
    if [[ ${at} == 0 || ${line} == [[:space:]]* ]]; then
      line=${line#"${line%%[![:space:]]*}"}
      last=$((last + 1))
      words[last]=
    fi
    # The cursor may stand inside the last word.
    if ((at == COMP_CWORD)); then piece=${line}; fi
    words[last]+=${piece}
    line=${line#"${piece}"}
  done
  words[last]=${words[last]#[\'\"]}
  local before=${words[last]%"${2#[\'\"]}"} IFS=$'\n'
  if ((BASH_VERSINFO[0] >= 4)); then
    # shellcheck disable=SC2312  # a failure offers nothing
    mapfile -t COMPREPLY < <(_awsmfa_offered "${words[@]}")
  else
    # shellcheck disable=SC2207  # bash 3.2 has no mapfile
    COMPREPLY=($(_awsmfa_offered "${words[@]}"))
  fi
  # One by one: in bash 3.2, "${COMPREPLY[@]#…}" under this IFS is a single word.
  for ((at = 0; at < ${#COMPREPLY[@]}; at++)); do
    COMPREPLY[at]=${COMPREPLY[at]#"${before}"}
  done
  # The words of another program: files.
  if [[ ${COMP_LINE} == *' -- '* ]]; then compopt -o default 2>/dev/null; fi
  # A value follows, or the rest of a path.
  if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=/] ]]; then
    compopt -o nospace 2>/dev/null
  fi
}

complete -o bashdefault -o nosort -F _awsmfa_complete awsmfa 2>/dev/null ||
  complete -o bashdefault -F _awsmfa_complete awsmfa
