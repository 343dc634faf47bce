# awsmfa for fish, 3.6 and later. In ~/.config/fish/config.fish: awsmfa hook fish | source
# The program decides, this notices and obeys (docs/hook-protocol.md).

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

set -g _awsmfa_bin '@AWSMFA@'

# -- What this shell remembers -------------------------------------------------------------------
# Unexported, and never taken from the environment. Sourced again, it keeps what the program knew.

if not functions -q _awsmfa_check
    set -eg _awsmfa_memory _awsmfa_seen _awsmfa_next _awsmfa_pins _awsmfa_put _awsmfa_time _awsmfa_since _awsmfa_due
    set -g _awsmfa_memory 0
end
set -g _awsmfa_seen ''
set -g _awsmfa_next 0
set -g _awsmfa_pins 2

# -- The clock -----------------------------------------------------------------------------------
# No process: the time that the root folder was changed at, and how long ago that is.

if path mtime / >/dev/null 2>&1
    function _awsmfa_clock
        set -g _awsmfa_time (path mtime /; path mtime --relative /)
    end
else
    function _awsmfa_clock
        set -g _awsmfa_time 0 (command date +%s)
    end
end

# -- Noticing ------------------------------------------------------------------------------------
# The directory is the first of one where there are pins, else the second, which is nothing. When the
# program wants to be asked again is told in seconds since the root folder was changed.

function _awsmfa_is_seen
    test "$AWS_PROFILE|$AWS_DEFAULT_PROFILE|$AWSMFA_SESSION|$AWSMFA_EXPIRES|$PWD[$_awsmfa_pins]" = "$_awsmfa_seen"
end

function _awsmfa_check
    if _awsmfa_is_seen
        test $_awsmfa_next = 0
        and return 0
        _awsmfa_clock
        test $_awsmfa_time[1] -eq $_awsmfa_since -a $_awsmfa_time[2] -lt $_awsmfa_due
        and return 0
    end
    _awsmfa_ask
end

# -- Obeying -------------------------------------------------------------------------------------
# What is evaluated holds secrets, so tracing is off meanwhile: a local fish_trace hides the user's.
# Without an answer: again in a minute. What is due at once is asked at the next prompt.

function _awsmfa_ask
    set -l fish_trace
    set -l result 0
    set -l changed $argv
    _awsmfa_is_seen
    or set changed 1
    _awsmfa_clock
    set -g _awsmfa_next (math $_awsmfa_time[1] + $_awsmfa_time[2] + 60)
    set -g _awsmfa_put ''
    if test (count $argv) -eq 0; and not test -x "$_awsmfa_bin"
        _awsmfa_gone
        set -g _awsmfa_put 1
    else
        set -l answer ($_awsmfa_bin hooked fish $_awsmfa_memory $argv)
        or set result $status
        if string match -q 'set -g _awsmfa_memory *; and set -g _awsmfa_put 1;' -- "$answer"
            eval $answer
        else if test -n "$changed"
            _awsmfa_drop 'awsmfa gave no answer, so its session is no longer in this shell'
        end
    end
    _awsmfa_clock
    set -g _awsmfa_since $_awsmfa_time[1]
    set -g _awsmfa_due (math $_awsmfa_next - $_awsmfa_since)
    set -g _awsmfa_seen "$AWS_PROFILE|$AWS_DEFAULT_PROFILE|$AWSMFA_SESSION|$AWSMFA_EXPIRES|$PWD[$_awsmfa_pins]"
    test $_awsmfa_next != 0 -a $_awsmfa_time[2] -ge $_awsmfa_due
    and set -g _awsmfa_seen ''
    test $result -ne 0 -o -n "$_awsmfa_put"
    or set result 1
    return $result
end

# -- Without the program -------------------------------------------------------------------------
# Nothing, but what is ours goes when it ends; and at once where a killed program left a change unanswered.

function _awsmfa_gone
    string match -qr '^[1-9][0-9]{9}$' -- "$AWSMFA_EXPIRES"
    and test (math $_awsmfa_time[1] + $_awsmfa_time[2]) -ge $AWSMFA_EXPIRES
    and _awsmfa_drop "the session has ended, and there is no awsmfa at $_awsmfa_bin any more"
end

function _awsmfa_drop
    test "$AWS_ACCESS_KEY_ID" = "$(string split -m 1 -f 1 : -- "$AWSMFA_SESSION")"
    or return 0
    set -eg AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION
    test "$AWS_REGION" != "$AWSMFA_REGION"
    or set -eg AWS_REGION
    test "$AWS_DEFAULT_REGION" != "$AWSMFA_REGION"
    or set -eg AWS_DEFAULT_REGION
    test "$AWS_VAULT" != "$AWSMFA_PROFILE"
    or set -eg AWS_VAULT
    set -eg AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION
    echo "awsmfa: $argv" >&2
end

# -- The function --------------------------------------------------------------------------------
# An alias of fish is a function, and this one takes its place.

function awsmfa
    if contains -- (string match -v -- --verbose $argv)[1] use off pin unpin; and not contains -- --help $argv; and not contains -- -h $argv
        _awsmfa_ask $argv
    else
        $_awsmfa_bin $argv
    end
end

# -- Installing ----------------------------------------------------------------------------------
# fish runs handlers in the order of their definition: this one is defined at the first prompt, so
# that it comes after what sets the profile variable, such as direnv's hook. What is defined later
# still is seen before the next command runs.

function _awsmfa_prompt_first --on-event fish_prompt
    functions -e _awsmfa_prompt_first
    function _awsmfa_preexec --on-event fish_preexec
        _awsmfa_check
    end
    # The clock was looked at before the command: only one of ten seconds and more (CMD_DURATION is in
    # milliseconds) is worth another look, which costs more than all the rest.
    function _awsmfa_prompt --on-event fish_prompt
        _awsmfa_is_seen
        and string match -qr '^[0-9]{1,4}$' -- "$CMD_DURATION"
        or _awsmfa_check
    end
    _awsmfa_check
end
