# awsmfa for Windows PowerShell 5.1 and PowerShell 7. In $PROFILE: Invoke-Expression (awsmfa hook powershell)
# Only what ConstrainedLanguage allows: no method of a type that is not a core type. Commands that could be
# shadowed by a function of the user's are called by their module.

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

$global:_awsmfa_bin = '@AWSMFA@'

# -- What this shell remembers -------------------------------------------------------------------
# Never taken from the environment. Run again, it remembers what a session took away and what a failed
# switch put aside.

if (-not (Microsoft.PowerShell.Management\Test-Path -LiteralPath Function:\_awsmfa_check)) {
    $global:_awsmfa_kept = $null
    $global:_awsmfa_aside = $null
    $global:_awsmfa_prompts = @()
}
$global:_awsmfa_depth = 0
$global:_awsmfa_next = 0
$global:_awsmfa_unreachable = 0
$global:_awsmfa_said = ''
$global:_awsmfa_session = $env:AWSMFA_SESSION
$global:_awsmfa_profile = $env:AWS_PROFILE
$global:_awsmfa_default = $env:AWS_DEFAULT_PROFILE
if (-not (Microsoft.PowerShell.Management\Test-Path -LiteralPath Variable:\LASTEXITCODE)) { $global:LASTEXITCODE = 0 }

# -- The clock -----------------------------------------------------------------------------------
# Whole seconds: a division without a rest is one of integers.

function global:_awsmfa_now {
    $ticks = [datetime]::UtcNow.Ticks - 621355968000000000
    ($ticks - $ticks % 10000000) / 10000000
}

# -- Whose session -------------------------------------------------------------------------------
# Ours only while the key is the one that was written down; an end only if it is a plain number.

function global:_awsmfa_is_ours {
    "$env:AWSMFA_SESSION" -cmatch '^([^:]+):.' -and $Matches[1] -ceq $env:AWS_ACCESS_KEY_ID
}

function global:_awsmfa_has_end { "$env:AWSMFA_EXPIRES" -cmatch '^[1-9][0-9]{0,11}\z' -and (_awsmfa_is_ours) }

# -- Words ---------------------------------------------------------------------------------------

function global:_awsmfa_say { Microsoft.PowerShell.Utility\Write-Host "awsmfa: $args" }

# The command for a new session. A name that no profile can have is not repeated.
function global:_awsmfa_hint {
    if ("$args" -cmatch '^[-A-Za-z0-9_/.%@:+]+\z') { "run awsmfa use $args" } else { 'run awsmfa use' }
}

# -- Into this shell -----------------------------------------------------------------------------
# At a prompt: silent (5.1 would make an error of each line that `2>$null` drops, so --at-prompt prints
# none), 3 seconds at most, and a failure changes nothing. Where AWS did not answer (4), only stored
# sessions are looked for in the next minute. Stopped halfway by Ctrl-C, a new key could stand beside an
# old token: then there is none.

function global:_awsmfa_load_silently {
    $ErrorActionPreference = 'Continue'
    $PSNativeCommandUseErrorActionPreference = $false
    if (-not (Microsoft.PowerShell.Management\Test-Path -LiteralPath $global:_awsmfa_bin)) { return $false }
    $options = @('--no-input', '--at-prompt', '--keep-profile')
    $now = _awsmfa_now
    if ($now -lt $global:_awsmfa_unreachable) { $options += '--only-stored' }
    $code = ''
    try { $code = & $global:_awsmfa_bin env --shell powershell @options @args } catch { return $false }
    if ($LASTEXITCODE -eq 4) { $global:_awsmfa_unreachable = $now + 60 }
    if ($LASTEXITCODE -ne 0 -or "$code" -cnotmatch '^\$env:') { return $false }
    $whole = $false
    try {
        Microsoft.PowerShell.Utility\Invoke-Expression "$code"
        $whole = $true
    } finally {
        if (-not $whole) { _awsmfa_drop }
    }
    $true
}

# -- Out of this shell ---------------------------------------------------------------------------

function global:_awsmfa_drop {
    $region = $env:AWSMFA_REGION
    if ($env:AWS_VAULT -ceq $env:AWSMFA_PROFILE) { $env:AWS_VAULT = $null }
    if ($region -and $env:AWS_REGION -ceq $region) { $env:AWS_REGION = $null }
    if ($region -and $env:AWS_DEFAULT_REGION -ceq $region) { $env:AWS_DEFAULT_REGION = $null }
    $env:AWS_ACCESS_KEY_ID = $null
    $env:AWS_SECRET_ACCESS_KEY = $null
    $env:AWS_SESSION_TOKEN = $null
    $env:AWS_CREDENTIAL_EXPIRATION = $null
    $env:AWSMFA_PROFILE = $null
    $env:AWSMFA_EXPIRES = $null
    $env:AWSMFA_SESSION = $null
    $env:AWSMFA_REGION = $null
}

# -- The profile variable ------------------------------------------------------------------------
# A session that it brought carries the former one behind its entry in AWSMFA_SESSION, so that a
# nested shell knows too. `aside` is the former one while there is none.

function global:_awsmfa_former { "$args" -creplace '^[^:]*:[^:]*:', '' }

# PowerShell has no environment of a single command. There is no key here now, and unless the former
# session comes there is none afterwards: `finally` runs at Ctrl-C too.
function global:_awsmfa_bring_back($former) {
    if (-not $former) { return $false }
    $session = $env:AWSMFA_SESSION
    $loaded = $false
    try {
        $env:AWS_ACCESS_KEY_ID = ($former -split ':')[0]
        $env:AWSMFA_SESSION = $former
        $loaded = _awsmfa_load_silently --renew --min-ttl 1m
    } finally {
        if (-not $loaded) {
            $env:AWS_ACCESS_KEY_ID = $null
            $env:AWSMFA_SESSION = $session
        }
    }
    $loaded
}

function global:_awsmfa_follow {
    $from = $global:_awsmfa_profile
    if (-not $from) { $from = $global:_awsmfa_default }
    $to = $env:AWS_PROFILE
    if (-not $to) { $to = $env:AWS_DEFAULT_PROFILE }
    $brought = $false
    if (_awsmfa_is_ours) {
        $former = $env:AWSMFA_SESSION
        if ($former -clike '*:*:*') { $brought = $true; $former = _awsmfa_former $former }
        $global:_awsmfa_aside = $null
    } elseif ($null -ne $global:_awsmfa_aside -and -not $env:AWS_ACCESS_KEY_ID) {
        $former = $global:_awsmfa_aside
        $brought = $true
    } else {
        return
    }
    if ("$to" -ceq "$from") { return }
    if ($to) {
        if (_awsmfa_load_silently "--profile=$to") {
            $env:AWSMFA_SESSION = "${env:AWSMFA_SESSION}:$former"
            return
        }
        if (_awsmfa_is_ours) { _awsmfa_drop }
        $global:_awsmfa_aside = "$former"
        _awsmfa_say "the profile variable has changed, and there is no session of that profile: $(_awsmfa_hint $to)"
    } elseif ($brought) {
        $global:_awsmfa_aside = $null
        if (_awsmfa_is_ours) { _awsmfa_drop }
        if (-not (_awsmfa_bring_back $former)) {
            _awsmfa_say 'the session that the profile variable brought is gone with it: run awsmfa use'
        }
    } elseif ($env:AWSMFA_SESSION -cne $global:_awsmfa_session) {
        _awsmfa_keep $global:_awsmfa_profile $global:_awsmfa_default
    }
}

# -- The end of a session ------------------------------------------------------------------------

function global:_awsmfa_renew($now) {
    $session = $env:AWSMFA_SESSION
    $hint = _awsmfa_hint $env:AWSMFA_PROFILE
    if ($now -ge $global:_awsmfa_next) {
        $global:_awsmfa_next = $now + 60
        if (_awsmfa_load_silently --renew --min-ttl 10m) {
            if ($session -clike '*:*:*') { $env:AWSMFA_SESSION = "${env:AWSMFA_SESSION}:$(_awsmfa_former $session)" }
            return
        }
        if (-not (_awsmfa_has_end)) { return }
    }
    $left = [long]$env:AWSMFA_EXPIRES - $now
    if ($left -le 0) {
        if ($session -clike '*:*:*') { $global:_awsmfa_aside = _awsmfa_former $session }
        _awsmfa_drop
        if (-not $env:AWS_PROFILE -and -not $env:AWS_DEFAULT_PROFILE) { _awsmfa_give_back }
        _awsmfa_say "the session has ended: $hint"
    } elseif ($global:_awsmfa_said -cne $session) {
        $global:_awsmfa_said = $session
        # The next whole minute; a cast or a division would round.
        $left += 59
        _awsmfa_say "the session ends in $(($left - $left % 60) / 60) min and cannot be renewed: $hint"
    }
}

# -- The prompt check ----------------------------------------------------------------------------
# Nothing to do costs two comparisons, and with a session a look at the clock.

function global:_awsmfa_seen {
    $global:_awsmfa_profile = $env:AWS_PROFILE
    $global:_awsmfa_default = $env:AWS_DEFAULT_PROFILE
}

function global:_awsmfa_check {
    if ($env:AWS_PROFILE -cne $global:_awsmfa_profile -or $env:AWS_DEFAULT_PROFILE -cne $global:_awsmfa_default) {
        _awsmfa_follow
        _awsmfa_seen
    }
    if (_awsmfa_has_end) {
        $now = _awsmfa_now
        if ($now -ge [long]$env:AWSMFA_EXPIRES - 600) {
            _awsmfa_renew $now
            _awsmfa_seen
        }
    }
    $global:_awsmfa_session = $env:AWSMFA_SESSION
}

# -- awsmfa use, awsmfa off ----------------------------------------------------------------------

# The first that a session takes away is what its end and `off` give back. What direnv put there is its
# own to give, so it comes back only in the same directory. PowerShell has no unexported environment
# variable, so a region is never taken away.
function global:_awsmfa_keep($profile_variable, $default_variable) {
    if ($null -eq $global:_awsmfa_kept) {
        $global:_awsmfa_kept = @($profile_variable, $default_variable, "$env:DIRENV_DIR")
    }
}

function global:_awsmfa_give_back {
    $kept = $global:_awsmfa_kept
    $global:_awsmfa_kept = $null
    if ($null -eq $kept -or $kept[2] -cne "$env:DIRENV_DIR") { return }
    if ($kept[0]) { $env:AWS_PROFILE = $kept[0] }
    if ($kept[1]) { $env:AWS_DEFAULT_PROFILE = $kept[1] }
}

# Takes a session out, whoever put it there; whether there was one.
function global:_awsmfa_leave {
    $is_here = (_awsmfa_is_ours) -or $env:AWS_SESSION_TOKEN -or $env:AWS_SECURITY_TOKEN
    if ($is_here) {
        _awsmfa_drop
        $env:AWS_SECURITY_TOKEN = $null
    }
    $is_here
}

function global:_awsmfa_off {
    if (-not (_awsmfa_leave)) {
        _awsmfa_say 'there is no session in this shell'
        $env:AWSMFA_PROFILE = $null
    }
    $global:_awsmfa_aside = $null
    _awsmfa_give_back
    _awsmfa_seen
}

# An alias of this name would win. Only the whole @args keeps a code such as 000123 as it was typed.
if (Microsoft.PowerShell.Management\Test-Path -LiteralPath Alias:\awsmfa) {
    Microsoft.PowerShell.Management\Remove-Item -LiteralPath Alias:\awsmfa -Force
}
function global:awsmfa {
    $word = if ($args.Count -gt 0) { "$($args[0])" } else { '' }
    $asks = $args -ccontains '--help' -or $args -ccontains '-h'
    if ($word -ceq 'off' -and $args.Count -eq 1) {
        _awsmfa_off
        return
    }
    if ($word -cne 'use' -or $asks) {
        if ($MyInvocation.ExpectingInput) { $input | & $global:_awsmfa_bin @args } else { & $global:_awsmfa_bin @args }
        return
    }
    $PSNativeCommandUseErrorActionPreference = $false
    $profile_variable = $env:AWS_PROFILE
    $default_variable = $env:AWS_DEFAULT_PROFILE
    $answered = $false
    try {
        $code = if ($MyInvocation.ExpectingInput) {
            $input | & $global:_awsmfa_bin @args --shell powershell
        } else {
            & $global:_awsmfa_bin @args --shell powershell
        }
        $answered = $true
        if ($LASTEXITCODE -eq 0) {
            _awsmfa_keep $profile_variable $default_variable
            $global:_awsmfa_aside = $null
        }
        if ("$code" -cmatch '^(\$env:|\$null = 0;|throw )') { Microsoft.PowerShell.Utility\Invoke-Expression "$code" }
    } finally {
        # Ctrl-C at the question takes the program's answer away, and the session here may be another account's.
        if (-not $answered) { $null = _awsmfa_leave }
        _awsmfa_seen
    }
}

# -- Installing ----------------------------------------------------------------------------------
# Around the prompt that is there. $? is read-only: a hidden error makes it false again.
# Another tool may have wrapped ours, and this may wrap that: each time that ours is met it calls the
# prompt that it was put around, the oldest one last.

if ("$function:prompt" -cnotmatch '_awsmfa_check') { $global:_awsmfa_prompts = @($function:prompt) + $global:_awsmfa_prompts }
function global:prompt {
    $ok = $?
    $code = $global:LASTEXITCODE
    $depth = $global:_awsmfa_depth
    $global:_awsmfa_depth = $depth + 1
    try {
        if ($depth -eq 0) { _awsmfa_check }
        $global:LASTEXITCODE = $code
        if (-not $ok) { Microsoft.PowerShell.Utility\Write-Error '' -ErrorAction Ignore }
        & $global:_awsmfa_prompts[$depth]
    } finally {
        $global:_awsmfa_depth = $depth
        $global:LASTEXITCODE = $code
    }
    if (-not $ok) { Microsoft.PowerShell.Utility\Write-Error '' -ErrorAction Ignore }
}
