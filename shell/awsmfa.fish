# awsmfa for fish, 3.6 and later. In ~/.config/fish/config.fish: awsmfa hook fish | source

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

set -g _awsmfa_bin '@AWSMFA@'

# -- What this shell remembers -------------------------------------------------------------------
# Unexported, and never taken from the environment: nothing inherited reaches an arithmetic. Sourced
# again, it remembers what a session took away and what a failed switch put aside.

if not functions -q _awsmfa_check
    set -eg _awsmfa_kept
    set -eg _awsmfa_kept_in
    set -eg _awsmfa_aside
end
set -g _awsmfa_next 0
set -g _awsmfa_unreachable 0
set -g _awsmfa_said ''
set -g _awsmfa_seen ''
set -g _awsmfa_session "$AWSMFA_SESSION"
set -g _awsmfa_profile "$AWS_PROFILE"
set -g _awsmfa_default "$AWS_DEFAULT_PROFILE"

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

# -- Whose session -------------------------------------------------------------------------------
# Ours only while the key is the one that was written down; an end only if it is a plain number.

function _awsmfa_is_ours
    test -n "$AWS_ACCESS_KEY_ID"
    and test "$AWS_ACCESS_KEY_ID" = (string split -m 1 -f 1 : -- "$AWSMFA_SESSION")
end

# What is due is told in seconds since the root folder was changed, which the clock says.
function _awsmfa_is_due
    set -eg _awsmfa_due
    string match -qr '^[1-9][0-9]{0,11}$' -- "$AWSMFA_EXPIRES"
    or return
    _awsmfa_clock
    set -g _awsmfa_since $_awsmfa_time[1]
    set -g _awsmfa_due (math $AWSMFA_EXPIRES - 600 - $_awsmfa_since)
    test $_awsmfa_time[2] -ge $_awsmfa_due
    and _awsmfa_is_ours
end

# -- Words ---------------------------------------------------------------------------------------

function _awsmfa_say
    printf 'awsmfa: %s\n' $argv >&2
end

# The command for a new session. A name that no profile can have is not repeated.
function _awsmfa_hint
    if string match -qr '^[-A-Za-z0-9_/.%@:+]+$' -- "$argv"
        echo "run awsmfa use $argv"
    else
        echo 'run awsmfa use'
    end
end

# -- Into this shell -----------------------------------------------------------------------------
# What is evaluated holds secrets, so tracing is off meanwhile: a local fish_trace hides the user's.

# Evaluates what `awsmfa use` prints for a hook, a failure too.
function _awsmfa_load
    set -l fish_trace
    set -l result 0
    set -l code ($_awsmfa_bin use --shell fish $argv)
    or set result $status
    switch "$code"
        case 'set -e*' 'if set -qU*' 'false;'
            eval $code
            or test $result -ne 0
            or set result 1
    end
    return $result
end

# The same at a prompt: silent, 3 seconds at most, and a failure changes nothing. Where AWS did not
# answer (4), only stored sessions are looked for in the next minute.
function _awsmfa_load_silently
    set -l fish_trace
    test -x "$_awsmfa_bin"
    or return
    _awsmfa_clock
    set -l now (math $_awsmfa_time[1] + $_awsmfa_time[2])
    set -l only
    test $now -lt $_awsmfa_unreachable
    and set only --only-stored
    set -l code ($_awsmfa_bin env --shell fish --no-input --at-prompt --keep-profile $only $argv 2>/dev/null)
    set -l result $status
    test $result -eq 4
    and set -g _awsmfa_unreachable (math $now + 60)
    test $result -eq 0
    and string match -qr '^(set -e|if set -qU)' -- "$code"
    and eval $code
end

# -- Out of this shell ---------------------------------------------------------------------------

function _awsmfa_drop
    set -l region "$AWSMFA_REGION"
    set -eg AWS_ACCESS_KEY_ID
    set -eg AWS_SECRET_ACCESS_KEY
    set -eg AWS_SESSION_TOKEN
    set -eg AWS_CREDENTIAL_EXPIRATION
    set -eg AWSMFA_PROFILE
    set -eg AWSMFA_EXPIRES
    set -eg AWSMFA_SESSION
    set -eg AWSMFA_REGION
    if test -n "$region"
        test "$AWS_REGION" = "$region"
        and set -eg AWS_REGION
        test "$AWS_DEFAULT_REGION" = "$region"
        and set -eg AWS_DEFAULT_REGION
    end
    return 0
end

# -- The profile variable ------------------------------------------------------------------------
# A session that it brought carries the former one behind its entry in AWSMFA_SESSION, so that a
# nested shell knows too. `aside` is the former one while there is none.

function _awsmfa_former
    string replace -r '^[^:]*:[^:]*:' '' -- $argv
end

function _awsmfa_bring_back
    test -n "$argv"
    or return 1
    # Local, so that nothing of it stays where this is interrupted.
    set -lx AWS_ACCESS_KEY_ID (string split -m 1 -f 1 : -- $argv)
    set -lx AWSMFA_SESSION $argv
    _awsmfa_load_silently --renew --min-ttl 1m
end

function _awsmfa_follow
    set -l from "$_awsmfa_profile"
    test -n "$from"
    or set from "$_awsmfa_default"
    set -l to "$AWS_PROFILE"
    test -n "$to"
    or set to "$AWS_DEFAULT_PROFILE"
    set -l former
    set -l brought
    if _awsmfa_is_ours
        set former $AWSMFA_SESSION
        string match -q '*:*:*' -- $former
        and set brought 1
        and set former (_awsmfa_former $former)
        set -eg _awsmfa_aside
    else if set -qg _awsmfa_aside; and test -z "$AWS_ACCESS_KEY_ID"
        set former "$_awsmfa_aside"
        set brought 1
    else
        return 0
    end
    if test "$to" = "$from"
        return 0
    else if test -n "$to"
        if _awsmfa_load_silently --profile=$to
            set -gx AWSMFA_SESSION "$AWSMFA_SESSION:$former"
            return 0
        end
        _awsmfa_is_ours
        and _awsmfa_drop
        set -g _awsmfa_aside "$former"
        _awsmfa_say "the profile variable has changed, and there is no session of that profile: "(_awsmfa_hint $to)
    else if test -n "$brought"
        set -eg _awsmfa_aside
        _awsmfa_is_ours
        and _awsmfa_drop
        _awsmfa_bring_back "$former"
        or _awsmfa_say 'the session that the profile variable brought is gone with it: run awsmfa use'
    else if test "$AWSMFA_SESSION" != "$_awsmfa_session"
        _awsmfa_keep "$_awsmfa_profile" "$_awsmfa_default" '' ''
    end
end

# -- The end of a session ------------------------------------------------------------------------

function _awsmfa_renew
    set -l session "$AWSMFA_SESSION"
    set -l profile "$AWSMFA_PROFILE"
    set -l now (math $_awsmfa_time[1] + $_awsmfa_time[2])
    if test $now -ge $_awsmfa_next
        set -g _awsmfa_next (math $now + 60)
        if _awsmfa_load_silently --renew --min-ttl 10m
            string match -q '*:*:*' -- $session
            and set -gx AWSMFA_SESSION "$AWSMFA_SESSION:"(_awsmfa_former $session)
            return 0
        end
        _awsmfa_is_due
        or return 0
    end
    if test $now -ge $AWSMFA_EXPIRES
        string match -q '*:*:*' -- $session
        and set -g _awsmfa_aside (_awsmfa_former $session)
        _awsmfa_drop
        test -z "$AWS_PROFILE$AWS_DEFAULT_PROFILE"
        and _awsmfa_give_back
        _awsmfa_say "the session has ended: "(_awsmfa_hint $profile)
    else if test "$_awsmfa_said" != "$session"
        set -g _awsmfa_said $session
        set -l minutes (math "ceil(($AWSMFA_EXPIRES - $now) / 60)")
        _awsmfa_say "the session ends in $minutes min and cannot be renewed: "(_awsmfa_hint $profile)
    end
end

# -- The prompt check ----------------------------------------------------------------------------
# Nothing to do costs a comparison, and before a command with a session a look at the clock. fish keeps
# $status and $pipestatus.

function _awsmfa_is_seen
    test "$AWS_PROFILE"\n"$AWS_DEFAULT_PROFILE"\n"$AWSMFA_SESSION"\n"$AWSMFA_EXPIRES" = "$_awsmfa_seen"
end

function _awsmfa_check
    if _awsmfa_is_seen
        set -qg _awsmfa_due
        or return 0
        _awsmfa_clock
        test $_awsmfa_time[1] -eq $_awsmfa_since -a $_awsmfa_time[2] -lt $_awsmfa_due
        and return 0
    end
    if test "$AWS_PROFILE" != "$_awsmfa_profile"; or test "$AWS_DEFAULT_PROFILE" != "$_awsmfa_default"
        _awsmfa_follow
        set -g _awsmfa_profile "$AWS_PROFILE"
        set -g _awsmfa_default "$AWS_DEFAULT_PROFILE"
    end
    if _awsmfa_is_due
        _awsmfa_renew
        set -g _awsmfa_profile "$AWS_PROFILE"
        set -g _awsmfa_default "$AWS_DEFAULT_PROFILE"
    end
    set -g _awsmfa_session "$AWSMFA_SESSION"
    set -g _awsmfa_seen "$AWS_PROFILE"\n"$AWS_DEFAULT_PROFILE"\n"$AWSMFA_SESSION"\n"$AWSMFA_EXPIRES"
end

# -- awsmfa use, awsmfa off ----------------------------------------------------------------------

# The first that a session takes away is what its end and `off` give back. What direnv put there is its
# own to give, so it comes back only in the same directory.
function _awsmfa_keep
    set -qg _awsmfa_kept
    and return
    set -g _awsmfa_kept $argv
    set -g _awsmfa_kept_in "$DIRENV_DIR"
end

function _awsmfa_give_back
    if set -qg _awsmfa_kept; and test "$_awsmfa_kept_in" = "$DIRENV_DIR"
        test -n "$_awsmfa_kept[1]"
        and set -gx AWS_PROFILE $_awsmfa_kept[1]
        test -n "$_awsmfa_kept[2]"
        and set -gx AWS_DEFAULT_PROFILE $_awsmfa_kept[2]
        test -z "$AWS_REGION"; and test -n "$_awsmfa_kept[3]"
        and set -gx AWS_REGION $_awsmfa_kept[3]
        test -z "$AWS_DEFAULT_REGION"; and test -n "$_awsmfa_kept[4]"
        and set -gx AWS_DEFAULT_REGION $_awsmfa_kept[4]
    end
    set -eg _awsmfa_kept
    return 0
end

function _awsmfa_use
    set -l region "$AWS_REGION"
    set -l default_region "$AWS_DEFAULT_REGION"
    test "$region" = "$AWSMFA_REGION"
    and set region ''
    test "$default_region" = "$AWSMFA_REGION"
    and set default_region ''
    set -l taken "$AWS_PROFILE" "$AWS_DEFAULT_PROFILE" "$region" "$default_region"
    _awsmfa_load $argv
    or return
    _awsmfa_keep $taken
    set -eg _awsmfa_aside
    return 0
end

function _awsmfa_off
    if _awsmfa_is_ours; or test -n "$AWS_SESSION_TOKEN$AWS_SECURITY_TOKEN"
        _awsmfa_drop
        set -eg AWS_SECURITY_TOKEN
    else
        _awsmfa_say 'there is no session in this shell'
        set -eg AWSMFA_PROFILE
    end
    set -eg _awsmfa_aside
    _awsmfa_give_back
end

# An alias of fish is a function, and this one takes its place.
function awsmfa
    set -l acts
    switch "$argv[1]"
        case use
            set acts _awsmfa_use
        case off
            test (count $argv) -eq 1
            and set acts _awsmfa_off
    end
    if test -z "$acts"; or contains -- --help $argv; or contains -- -h $argv
        $_awsmfa_bin $argv
        return
    end
    $acts $argv[2..]
    set -l result $status
    set -g _awsmfa_profile "$AWS_PROFILE"
    set -g _awsmfa_default "$AWS_DEFAULT_PROFILE"
    return $result
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
