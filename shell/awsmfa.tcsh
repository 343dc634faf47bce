# awsmfa for tcsh. Once: \awsmfa hook tcsh >! ~/.awsmfa.tcsh, and in ~/.tcshrc: source ~/.awsmfa.tcsh
# (another file: set _awsmfa_file = FILE before it is sourced).
#
# tcsh has no functions: an alias sources this file, and its first word says what for. Without the
# backslash the alias would empty the file that it is about to read. Nothing of the environment
# reaches an arithmetic before a pattern has said that it is plain.

# -- Not under a trace ---------------------------------------------------------------------------
# What is evaluated below holds secrets: not with `set echo` or `set verbose`, which come back at the
# end. A file that this one sources for itself has nothing to say about it.

set _awsmfa_for = install
if ($#argv > 0) then
  set _awsmfa_for = "$argv[1]:q"
endif
if ("x$_awsmfa_for:q" == xinstall || "x$_awsmfa_for:q" == xcommand || "x$_awsmfa_for:q" == xprompt) then
  set _awsmfa_trace = ($?echo $?verbose)
  set _awsmfa_status = 0
  if ($?echo) unset echo
  if ($?verbose) unset verbose
endif

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

set _awsmfa_bin = '@AWSMFA@'
if (! $?_awsmfa_file) set _awsmfa_file = ~/.awsmfa.tcsh

# -- What the environment says -------------------------------------------------------------------

set _awsmfa_p = ''
set _awsmfa_d = ''
set _awsmfa_r = ''
set _awsmfa_dr = ''
set _awsmfa_key = ''
set _awsmfa_now_s = ''
set _awsmfa_direnv = ''
if ($?AWS_PROFILE) then
  set _awsmfa_p = "$AWS_PROFILE:q"
endif
if ($?AWS_DEFAULT_PROFILE) then
  set _awsmfa_d = "$AWS_DEFAULT_PROFILE:q"
endif
if ($?AWS_REGION) then
  set _awsmfa_r = "$AWS_REGION:q"
endif
if ($?AWS_DEFAULT_REGION) then
  set _awsmfa_dr = "$AWS_DEFAULT_REGION:q"
endif
if ($?AWS_ACCESS_KEY_ID) then
  set _awsmfa_key = "$AWS_ACCESS_KEY_ID:q"
endif
if ($?DIRENV_DIR) then
  set _awsmfa_direnv = "$DIRENV_DIR:q"
endif

# Ours only while the key is the one that was written down: KEY:ENTRY, and behind them the former
# session, if the profile variable brought this one.
set _awsmfa_parts = ()
if ($?AWSMFA_SESSION) then
  set _awsmfa_now_s = "$AWSMFA_SESSION:q"
  if ("x$_awsmfa_now_s:q" !~ x*[^A-Za-z0-9:]* && "x$_awsmfa_now_s:q" =~ x?*:?*) then
    set _awsmfa_parts = ($_awsmfa_now_s:as/:/ /)
  endif
endif
set _awsmfa_ours = 0
set _awsmfa_brought = 0
set _awsmfa_former = "$_awsmfa_now_s:q"
if ($#_awsmfa_parts >= 2) then
  if ("x$_awsmfa_parts[1]" == "x$_awsmfa_key:q") set _awsmfa_ours = 1
  if ("x$_awsmfa_now_s" =~ x*:*:*) then
    set _awsmfa_brought = 1
    set _awsmfa_former = ''
    if ($#_awsmfa_parts > 2) then
      set _awsmfa_former = "$_awsmfa_parts[3-]"
      set _awsmfa_former = $_awsmfa_former:as/ /:/
    endif
  endif
endif

# An end only if it is a plain number.
set _awsmfa_end = ''
if ($?AWSMFA_EXPIRES && $_awsmfa_ours) then
  if ("x$AWSMFA_EXPIRES:q" =~ x[1-9]* && "x$AWSMFA_EXPIRES:q" !~ x*[^0-9]* && $%AWSMFA_EXPIRES <= 12) then
    set _awsmfa_end = $AWSMFA_EXPIRES
  endif
endif

# -- What for ------------------------------------------------------------------------------------

if ("x$_awsmfa_for:q" == xcommand) then
  set _awsmfa_for = pass
  if ($#argv > 1) then
    if ("x$argv[2]:q" == xuse || ("x$argv[2]:q" == xoff && $#argv == 2)) set _awsmfa_for = "$argv[2]:q"
    foreach _awsmfa_word ($argv[2-]:q)
      if ("x$_awsmfa_word:q" == x--help || "x$_awsmfa_word:q" == x-h) set _awsmfa_for = pass
    end
  endif
endif

switch ("$_awsmfa_for:q")

# -- The prompt check ----------------------------------------------------------------------------
# Nothing to do starts no process. tcsh has no clock, but it has alarms: `date` runs when a session's
# end was not seen before, and then when the alarm that was set for it has rung.
case prompt:
  # An interrupted alias would be taken for a faulty one, and removed.
  onintr -
  if ("x$_awsmfa_p:q" != "x$_awsmfa_profile:q" || "x$_awsmfa_d:q" != "x$_awsmfa_default:q") then
    source $_awsmfa_file:q follow
    source $_awsmfa_file:q seen
  endif
  if ("x$_awsmfa_end" != x && ($?_awsmfa_ring || "x$_awsmfa_end" != "x$_awsmfa_seen_end")) then
    source $_awsmfa_file:q clock
    source $_awsmfa_file:q seen
  endif
  set _awsmfa_session = "$_awsmfa_now_s:q"
  onintr
  breaksw

case seen:
  set _awsmfa_profile = "$_awsmfa_p:q"
  set _awsmfa_default = "$_awsmfa_d:q"
  breaksw

# -- The end of a session ------------------------------------------------------------------------
case clock:
  unset _awsmfa_ring
  set _awsmfa_seen_end = "$_awsmfa_end"
  set _awsmfa_time = `date +%s`
  @ _awsmfa_left = $_awsmfa_end - $_awsmfa_time
  if ($_awsmfa_left > 600) then
    @ _awsmfa_minutes = ($_awsmfa_left - 600) / 60 + 1
    @ _awsmfa_hours = $_awsmfa_minutes / 60
    @ _awsmfa_minutes = $_awsmfa_minutes % 60
    # An alarm is at most a day away; a session may be 36 hours.
    if ($_awsmfa_hours > 22) set _awsmfa_hours = 22
    if ($_awsmfa_minutes < 10) set _awsmfa_minutes = 0$_awsmfa_minutes
    sched +${_awsmfa_hours}:${_awsmfa_minutes} set _awsmfa_ring
  else
    source $_awsmfa_file:q renew
  endif
  breaksw

# Each minute: silently, or one line the first time that it cannot, and at the end without the session.
case renew:
  set _awsmfa_of = "$_awsmfa_now_s"
  set _awsmfa_name = ''
  if ($?AWSMFA_PROFILE) then
    set _awsmfa_name = "$AWSMFA_PROFILE:q"
  endif
  set _awsmfa_loaded = 0
  if ($_awsmfa_time >= $_awsmfa_next) then
    @ _awsmfa_next = $_awsmfa_time + 60
    set _awsmfa_tail = ''
    if ($_awsmfa_brought) set _awsmfa_tail = ":$_awsmfa_former"
    set _awsmfa_as = ()
    set _awsmfa_args = (--renew --min-ttl 10m)
    source $_awsmfa_file:q silently
    if ($_awsmfa_loaded) then
      setenv AWSMFA_SESSION "${AWSMFA_SESSION}${_awsmfa_tail}"
    endif
  endif
  if ($_awsmfa_loaded) then
    set _awsmfa_ring
  else if ($_awsmfa_left <= 0) then
    if ($_awsmfa_brought) set _awsmfa_aside = "$_awsmfa_former"
    source $_awsmfa_file:q drop
    if ("x$_awsmfa_p:q$_awsmfa_d:q" == x) source $_awsmfa_file:q give_back
    set _awsmfa_of = "$_awsmfa_name:q"
    source $_awsmfa_file:q hint
    echo "awsmfa: the session has ended: $_awsmfa_run"
  else
    sched +0:01 set _awsmfa_ring
    if ("x$_awsmfa_said" != "x$_awsmfa_of") then
      set _awsmfa_said = "$_awsmfa_of"
      @ _awsmfa_minutes = ($_awsmfa_left + 59) / 60
      set _awsmfa_of = "$_awsmfa_name:q"
      source $_awsmfa_file:q hint
      echo "awsmfa: the session ends in $_awsmfa_minutes min and cannot be renewed: $_awsmfa_run"
    endif
  endif
  breaksw

# -- Words ---------------------------------------------------------------------------------------
# The command for a new session. A name that no profile can have is not repeated.
case hint:
  set _awsmfa_run = 'run awsmfa use'
  if ("x$_awsmfa_of:q" =~ x?* && "x$_awsmfa_of:q" !~ x*[^-A-Za-z0-9_/.%@:+]*) set _awsmfa_run = "run awsmfa use $_awsmfa_of"
  breaksw

# -- Into this shell -----------------------------------------------------------------------------
# At a prompt: silent, 3 seconds at most, and a failure changes nothing. Where AWS did not answer (4), only
# stored sessions are looked for in the next minute. `env` says whose session it is, and nothing of that
# stays where this is interrupted.
case silently:
  set _awsmfa_loaded = 0
  if (-x $_awsmfa_bin:q) then
    set _awsmfa_only = ()
    set _awsmfa_time = `date +%s`
    if ($_awsmfa_time < $_awsmfa_unreachable) set _awsmfa_only = --only-stored
    # Backquotes between double quotes would run what stands in an argument, in spite of `:q`.
    set _awsmfa_code = (`env $_awsmfa_as:q $_awsmfa_bin:q env --shell tcsh --no-input --at-prompt --keep-profile $_awsmfa_only $_awsmfa_args:q`)
    if ("x$_awsmfa_code:q" =~ x*" setenv "*) then
      eval "$_awsmfa_code:q"
      set _awsmfa_loaded = 1
    else if ("x$_awsmfa_code:q" =~ x*"set status = 4;") then
      @ _awsmfa_unreachable = $_awsmfa_time + 60
    endif
    unset _awsmfa_code
  endif
  breaksw

# -- Out of this shell ---------------------------------------------------------------------------
case drop:
  if ($?AWS_VAULT && $?AWSMFA_PROFILE) then
    if ("x$AWS_VAULT:q" == "x$AWSMFA_PROFILE:q") unsetenv AWS_VAULT
  endif
  if ($?AWSMFA_REGION) then
    if ("x$_awsmfa_r:q" == "x$AWSMFA_REGION:q") unsetenv AWS_REGION
    if ("x$_awsmfa_dr:q" == "x$AWSMFA_REGION:q") unsetenv AWS_DEFAULT_REGION
  endif
  foreach _awsmfa_word (ACCESS_KEY_ID SECRET_ACCESS_KEY SESSION_TOKEN CREDENTIAL_EXPIRATION)
    unsetenv AWS_$_awsmfa_word
  end
  foreach _awsmfa_word (PROFILE EXPIRES SESSION REGION)
    unsetenv AWSMFA_$_awsmfa_word
  end
  breaksw

# -- The profile variable ------------------------------------------------------------------------
# `aside` is the session to come back to while there is none.
case follow:
  set _awsmfa_from = "$_awsmfa_profile:q"
  if ("x$_awsmfa_from:q" == x) set _awsmfa_from = "$_awsmfa_default:q"
  set _awsmfa_to = "$_awsmfa_p:q"
  if ("x$_awsmfa_to:q" == x) set _awsmfa_to = "$_awsmfa_d:q"
  if ($_awsmfa_ours) then
    unset _awsmfa_aside
  else if ($?_awsmfa_aside && "x$_awsmfa_key:q" == x) then
    set _awsmfa_former = "$_awsmfa_aside"
    set _awsmfa_brought = 1
  else
    breaksw
  endif
  set _awsmfa_tail = "$_awsmfa_former"
  if ("x$_awsmfa_to:q" == "x$_awsmfa_from:q") breaksw
  if ("x$_awsmfa_to:q" != x) then
    set _awsmfa_as = ()
    set _awsmfa_args = (--profile="$_awsmfa_to:q")
    source $_awsmfa_file:q silently
    if ($_awsmfa_loaded) then
      setenv AWSMFA_SESSION "${AWSMFA_SESSION}:$_awsmfa_tail"
    else
      if ($_awsmfa_ours) source $_awsmfa_file:q drop
      set _awsmfa_aside = "$_awsmfa_tail"
      set _awsmfa_of = "$_awsmfa_to:q"
      source $_awsmfa_file:q hint
      echo "awsmfa: the profile variable has changed, and there is no session of that profile: $_awsmfa_run"
    endif
  else if ($_awsmfa_brought) then
    unset _awsmfa_aside
    if ($_awsmfa_ours) source $_awsmfa_file:q drop
    set _awsmfa_loaded = 0
    if ("x$_awsmfa_tail" != x) then
      set _awsmfa_parts = ($_awsmfa_tail:as/:/ /)
      set _awsmfa_as = (AWS_ACCESS_KEY_ID=$_awsmfa_parts[1] AWSMFA_SESSION=$_awsmfa_tail)
      set _awsmfa_args = (--renew --min-ttl 1m)
      source $_awsmfa_file:q silently
    endif
    if (! $_awsmfa_loaded) echo 'awsmfa: the session that the profile variable brought is gone with it: run awsmfa use'
  else if ("x$_awsmfa_now_s:q" != "x$_awsmfa_session:q" && ! $?_awsmfa_kept) then
    set _awsmfa_kept
    set _awsmfa_kept_in = "$_awsmfa_direnv:q"
    set _awsmfa_kept_p = "$_awsmfa_profile:q"
    set _awsmfa_kept_d = "$_awsmfa_default:q"
    set _awsmfa_kept_r = ''
    set _awsmfa_kept_dr = ''
  endif
  breaksw

# -- awsmfa use, awsmfa off, and all else --------------------------------------------------------
# The first that a session takes away is what its end and `off` give back. What direnv put there is its
# own to give, so it comes back only in the same directory.
case use:
  if ($?AWSMFA_REGION) then
    if ("x$_awsmfa_r:q" == "x$AWSMFA_REGION:q") set _awsmfa_r = ''
    if ("x$_awsmfa_dr:q" == "x$AWSMFA_REGION:q") set _awsmfa_dr = ''
  endif
  # The program answers Ctrl-C; the code that it prints then must be evaluated.
  # Not between double quotes: there an argument would run as code, in spite of `:q`.
  onintr -
  set _awsmfa_code = (`$_awsmfa_bin:q use --shell tcsh $argv[3-]:q`)
  if ($#_awsmfa_code > 0) then
    eval "$_awsmfa_code:q"
    set _awsmfa_status = $status
  else
    # Killed: the former session may be another account's, and whatever comes next must not go there.
    set _awsmfa_status = 1
    source $_awsmfa_file:q drop
  endif
  unset _awsmfa_code
  onintr
  if ($_awsmfa_status == 0) then
    unset _awsmfa_aside
    if (! $?_awsmfa_kept) then
      set _awsmfa_kept
      set _awsmfa_kept_in = "$_awsmfa_direnv:q"
      set _awsmfa_kept_p = "$_awsmfa_p:q"
      set _awsmfa_kept_d = "$_awsmfa_d:q"
      set _awsmfa_kept_r = "$_awsmfa_r:q"
      set _awsmfa_kept_dr = "$_awsmfa_dr:q"
    endif
  endif
  source $_awsmfa_file:q seen
  breaksw

case off:
  set _awsmfa_token = 0
  if ($?AWS_SESSION_TOKEN || $?AWS_SECURITY_TOKEN) set _awsmfa_token = 1
  if ($_awsmfa_ours || $_awsmfa_token) then
    source $_awsmfa_file:q drop
    unsetenv AWS_SECURITY_TOKEN
  else
    echo 'awsmfa: there is no session in this shell'
    unsetenv AWSMFA_PROFILE
  endif
  unset _awsmfa_aside
  source $_awsmfa_file:q give_back
  source $_awsmfa_file:q seen
  breaksw

case give_back:
  if ($?_awsmfa_kept) then
    if ("x$_awsmfa_kept_in:q" == "x$_awsmfa_direnv:q") then
      if ("x$_awsmfa_kept_p:q" != x) setenv AWS_PROFILE "$_awsmfa_kept_p:q"
      if ("x$_awsmfa_kept_d:q" != x) setenv AWS_DEFAULT_PROFILE "$_awsmfa_kept_d:q"
      if (! $?AWS_REGION && "x$_awsmfa_kept_r:q" != x) setenv AWS_REGION "$_awsmfa_kept_r:q"
      if (! $?AWS_DEFAULT_REGION && "x$_awsmfa_kept_dr:q" != x) setenv AWS_DEFAULT_REGION "$_awsmfa_kept_dr:q"
    endif
    unset _awsmfa_kept
  endif
  breaksw

case pass:
  $_awsmfa_bin:q $argv[2-]:q
  set _awsmfa_status = $status
  breaksw

# -- Installing ----------------------------------------------------------------------------------
# Sourced again, it remembers what a session took away. Last of what runs before a prompt, after what
# sets the profile variable, such as direnv's hook.
case install:
  if (! $?_awsmfa_next) then
    unset _awsmfa_kept _awsmfa_aside
  endif
  set _awsmfa_next = 0
  set _awsmfa_unreachable = 0
  set _awsmfa_said = ''
  set _awsmfa_seen_end = ''
  set _awsmfa_session = "$_awsmfa_now_s:q"
  source $_awsmfa_file:q seen
  alias awsmfa 'source $_awsmfa_file:q command \!*'
  set _awsmfa_alias = "`alias precmd`"
  if ("x$_awsmfa_alias:q" !~ x*_awsmfa_file*) then
    if ("x$_awsmfa_alias:q" != x) set _awsmfa_alias = "$_awsmfa_alias:q; "
    alias precmd "$_awsmfa_alias:q"'if (-z $_awsmfa_file:q) echo "awsmfa: $_awsmfa_file:q is empty: run env awsmfa hook --help"; source $_awsmfa_file:q prompt'
  endif
  unset _awsmfa_alias
  breaksw
endsw

# -- The end -------------------------------------------------------------------------------------
# The words of this file's caller are here again, whatever it sourced in between.

set _awsmfa_for = install
if ($#argv > 0) then
  set _awsmfa_for = "$argv[1]:q"
endif
if ("x$_awsmfa_for:q" == xinstall || "x$_awsmfa_for:q" == xcommand || "x$_awsmfa_for:q" == xprompt) then
  if ($_awsmfa_trace[1]) set echo
  if ($_awsmfa_trace[2]) set verbose
endif
set status = $_awsmfa_status
