# awsmfa for tcsh. Once: \awsmfa hook tcsh >! ~/.awsmfa.tcsh, and in ~/.tcshrc: source ~/.awsmfa.tcsh
# (another file: set _awsmfa_file = FILE before it is sourced).
# The program decides, this notices and obeys (docs/hook-protocol.md).
#
# tcsh has no functions: an alias sources this file, and its first word says what for. Without the backslash
# the alias would empty the file that it is about to read. It is longer than the others, for an `if` that does
# more than one thing takes three lines, and what a function would be for stands in a loop of two turns.

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

set _awsmfa_bin = '@AWSMFA@'
if (! $?_awsmfa_file) set _awsmfa_file = ~/.awsmfa.tcsh

# -- What this shell remembers -------------------------------------------------------------------
# Never taken from the environment, where an alias is not. Sourced again, it keeps what the program knew.

set _awsmfa_words = ($argv:q install)
set _awsmfa_for = "$_awsmfa_words[1]:q"
# What is evaluated holds secrets: no trace until the end.
set _awsmfa_trace = ($?echo $?verbose $?noglob)
unset echo verbose
set _awsmfa_status = 0
if ("x$_awsmfa_for:q" == xinstall) then
  set _awsmfa_alias = "`alias awsmfa`"
  if ("x$_awsmfa_alias:q" !~ x*_awsmfa_file*) set _awsmfa_memory = 0
  set _awsmfa_seen = '' _awsmfa_pins = 0 _awsmfa_ring = 0 _awsmfa_asked = 0 _awsmfa_blank = ' '
endif

# -- The clock -----------------------------------------------------------------------------------
# tcsh has none, but it has alarms: the program says when, and `_awsmfa_ring` is the number of the asking whose
# alarm has rung. Less than a minute before it is time, it is time at each prompt.

# -- Noticing ------------------------------------------------------------------------------------
# Once before and once after the asking, without which the second is left out.

if ("x$_awsmfa_for:q" == xcommand) then
  set _awsmfa_for = pass
  set _awsmfa_words = ($argv[2-]:q '' '')
  if ("x$_awsmfa_words[1]:q" == x--verbose) shift _awsmfa_words
  foreach _awsmfa_word (use off pin unpin)
    if ("x$_awsmfa_words[1]:q" == "x$_awsmfa_word") set _awsmfa_for = change
  end
  foreach _awsmfa_word ($argv[2-]:q)
    if ("x$_awsmfa_word:q" == x--help || "x$_awsmfa_word:q" == x-h) set _awsmfa_for = pass
  end
endif

foreach _awsmfa_turn (before after)
  if ("x$_awsmfa_for:q" != xprompt && "x$_awsmfa_for:q" != xchange) break
  # An interrupted alias would be taken for a faulty one, and removed.
  onintr -
  # What is expanded on a branch that is not taken would be an error, where the variable is not set: hence eval.
  set _awsmfa_here = ''
  if ($?AWS_PROFILE) eval 'set _awsmfa_here = "$AWS_PROFILE:q"'
  set _awsmfa_here = "$_awsmfa_here:q|"
  if ($?AWS_DEFAULT_PROFILE) eval 'set _awsmfa_here = "$_awsmfa_here:q$AWS_DEFAULT_PROFILE:q"'
  set _awsmfa_here = "$_awsmfa_here:q|"
  if ($?AWSMFA_SESSION) eval 'set _awsmfa_here = "$_awsmfa_here:q$AWSMFA_SESSION:q"'
  set _awsmfa_here = "$_awsmfa_here:q|"
  if ($?AWSMFA_EXPIRES) eval 'set _awsmfa_here = "$_awsmfa_here:q$AWSMFA_EXPIRES:q"'
  if ($_awsmfa_pins) set _awsmfa_here = "$_awsmfa_here:q|$cwd:q"
  if ($_awsmfa_turn == after) then
    set _awsmfa_seen = "$_awsmfa_here:q"
    break
  endif
  set _awsmfa_changed = 0
  if ("x$_awsmfa_for:q" == xchange || "x$_awsmfa_here:q" != "x$_awsmfa_seen:q") set _awsmfa_changed = 1
  if (! $_awsmfa_changed && $_awsmfa_ring != $_awsmfa_asked) break

# -- Obeying -------------------------------------------------------------------------------------
# Backquotes between double quotes would run what stands in an argument, in spite of `:q`; without them, words
# would be taken for patterns but for noglob. Ctrl-C is the program's to answer. Without an answer: again in a minute.

  @ _awsmfa_asked++
  set _awsmfa_wait = +0:01 _awsmfa_put = 0 _awsmfa_why = ''
  if (-x $_awsmfa_bin:q || "x$_awsmfa_for:q" == xchange) then
    set noglob
    set _awsmfa_words = ()
    if ("x$_awsmfa_for:q" == xchange) set _awsmfa_words = ($argv[2-]:q)
    set _awsmfa_code = (`$_awsmfa_bin:q hooked tcsh $_awsmfa_memory $_awsmfa_words:q`)
    set _awsmfa_status = $status
    if ("x$_awsmfa_code:q" =~ x"set _awsmfa_memory = "*" set _awsmfa_put = 1;") then
      eval "$_awsmfa_code:q"
    else if ($_awsmfa_changed) then
      set _awsmfa_why = 'awsmfa gave no answer, so its session is no longer in this shell'
    endif
    set _awsmfa_code = ()
    if (! $_awsmfa_trace[3]) unset noglob
    if ($_awsmfa_status == 0 && ! $_awsmfa_put) set _awsmfa_status = 1
  else if ($?AWSMFA_EXPIRES) then

# -- Without the program -------------------------------------------------------------------------
# Nothing, but what is ours goes when it ends; and at once where a killed program left a change unanswered.

    if ("x$AWSMFA_EXPIRES:q" =~ x[1-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]) then
      set _awsmfa_now = `\date +%s`
      if ($AWSMFA_EXPIRES <= $_awsmfa_now) set _awsmfa_why = "the session has ended, and there is no awsmfa at $_awsmfa_bin:q any more"
    endif
  endif
  # An alarm that rings loses the user's $status.
  if ($_awsmfa_wait == +0:00) then
    set _awsmfa_ring = $_awsmfa_asked
  else if ($_awsmfa_wait != 0) then
    sched $_awsmfa_wait set _awsmfa_ring = $_awsmfa_asked
  endif
  if ("x$_awsmfa_why:q" != x && $?AWSMFA_SESSION && $?AWS_ACCESS_KEY_ID) then
    if ("x$AWS_ACCESS_KEY_ID:q" !~ x*[^A-Za-z0-9]* && "x$AWSMFA_SESSION:q" =~ "x$AWS_ACCESS_KEY_ID:q":?*) then
      if ($?AWS_VAULT && $?AWSMFA_PROFILE) eval 'if ("x$AWS_VAULT:q" == "x$AWSMFA_PROFILE:q") unsetenv AWS_VAULT'
      if ($?AWS_REGION && $?AWSMFA_REGION) eval 'if ("x$AWS_REGION:q" == "x$AWSMFA_REGION:q") unsetenv AWS_REGION'
      if ($?AWS_DEFAULT_REGION && $?AWSMFA_REGION) eval 'if ("x$AWS_DEFAULT_REGION:q" == "x$AWSMFA_REGION:q") unsetenv AWS_DEFAULT_REGION'
      unsetenv AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION
      unsetenv AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION
      echo "awsmfa: $_awsmfa_why:q"
    endif
  endif
end
onintr

# -- The function --------------------------------------------------------------------------------
# All else is the binary's. Last its status, and the trace as it was.

if ("x$_awsmfa_for:q" == xpass) then
  $_awsmfa_bin:q $argv[2-]:q
  set _awsmfa_status = $status
endif

# -- Installing ----------------------------------------------------------------------------------
# Last of what runs before a prompt, after what sets the profile variable, such as direnv's hook. Where that comes later
# in the start-up file it leaves nothing of the alias: so once more a second later, which is the soonest for `sched`.

if ("x$_awsmfa_for:q" == xinstall) then
  alias awsmfa 'source $_awsmfa_file:q command \!*'
  if ($?prompt) sched +0:00 eval 'source $_awsmfa_file:q again'
endif
if ("x$_awsmfa_for:q" == xinstall || "x$_awsmfa_for:q" == xagain) then
  set _awsmfa_alias = "`alias precmd`"
  if ("x$_awsmfa_alias:q" !~ x*_awsmfa_file*) then
    if ("x$_awsmfa_alias:q" != x) set _awsmfa_alias = "$_awsmfa_alias:q; "
    alias precmd "$_awsmfa_alias:q"'if (-z $_awsmfa_file:q) echo "awsmfa: $_awsmfa_file:q is empty: run env awsmfa hook --help"; source $_awsmfa_file:q prompt'
  endif
endif
if ($_awsmfa_trace[1]) set echo
if ($_awsmfa_trace[2]) set verbose
set status = $_awsmfa_status
