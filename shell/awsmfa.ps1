# awsmfa for Windows PowerShell 5.1 and PowerShell 7. At the end of $PROFILE: Invoke-Expression (awsmfa hook powershell)
# The program decides, this notices and obeys (docs/hook-protocol.md). Traces show what a variable gets and logs
# what is evaluated: so no variable gets a secret, and nothing is evaluated. Commands that a function of the
# user's could shadow are called by their module.

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

$global:_awsmfa_bin = '@AWSMFA@'

# -- What this shell remembers -------------------------------------------------------------------
# Never taken from the environment. Run again, it keeps what the program knew.

if (-not (Microsoft.PowerShell.Management\Test-Path -LiteralPath Function:\_awsmfa_ask)) {
    $global:_awsmfa_memory = '0'
    $global:_awsmfa_prompts = @()
}
$global:_awsmfa_seen = $null
$global:_awsmfa_next = 0
$global:_awsmfa_pins = '0'
$global:_awsmfa_depth = 0
if (-not (Microsoft.PowerShell.Management\Test-Path -LiteralPath Variable:\LASTEXITCODE)) { $global:LASTEXITCODE = 0 }

# -- The clock -----------------------------------------------------------------------------------
# In ticks of a ten-millionth of a second, since the year 1: a division would round.

# -- Noticing ------------------------------------------------------------------------------------
# The prompt puts the same together by itself: a call takes 12 µs, and `$env:NAME` ten times as long as the method,
# which ConstrainedLanguage does not allow.

$global:_awsmfa_is_free = $ExecutionContext.SessionState.LanguageMode -eq 'FullLanguage'
function global:_awsmfa_look {
    $place = if ($global:_awsmfa_pins -ceq '1') { "$PWD" }
    "$env:AWS_PROFILE|$env:AWS_DEFAULT_PROFILE|$env:AWSMFA_SESSION|$env:AWSMFA_EXPIRES|$place"
}

# -- Obeying -------------------------------------------------------------------------------------
# A killed program gives no answer, and Ctrl-C takes it away or leaves a new key beside an old token: where something
# was to change, no session stays that could be another account's. Without an answer: again in a minute.

$global:_awsmfa_shape = '\Aawsmfa 1\nmemory ([0-9A-Za-z.:_-]+)\nnext ([0-9]{1,12})\npins ([01])\n' +
    '((?:unset [A-Z_]+\n|(?:set [A-Z_]+|say) [0-9A-Za-z:_-]*\n)*)end\z'
function global:_awsmfa_ask {
    $ErrorActionPreference = 'Continue'
    $PSNativeCommandUseErrorActionPreference = $false
    $global:_awsmfa_next = [datetime]::UtcNow.Ticks + 600000000
    $is_typed = $args.Count -gt 0
    $done = $false
    $leave = ($is_typed -or (_awsmfa_look) -cne $global:_awsmfa_seen) -and (_awsmfa_is_ours)
    try {
        if ($(if ($MyInvocation.ExpectingInput) { $input | & $global:_awsmfa_bin hooked powershell $global:_awsmfa_memory @args }
                else { & $global:_awsmfa_bin hooked powershell $global:_awsmfa_memory @args }) -join "`n" -cmatch $global:_awsmfa_shape) {
            $leave = $true
            $global:_awsmfa_memory = $Matches[1]
            $global:_awsmfa_next = if ($Matches[2] -ceq '0') { 0 } else { 621355968000000000 + 10000000 * [long]$Matches[2] }
            $global:_awsmfa_pins = $Matches[3]
            switch -CaseSensitive -Regex ($Matches[4] -split "`n") {
                '^unset (.+)' { Microsoft.PowerShell.Management\Set-Item -LiteralPath "Env:$($Matches[1])" -Value $null }
                '^set (.+) (.*)' {
                    # A log of commands has their arguments, so a command only where no method may be called.
                    if ($global:_awsmfa_is_free) { [Environment]::SetEnvironmentVariable($Matches[1], [uri]::UnescapeDataString(($Matches[2] -creplace '_', '%'))) }
                    else { Microsoft.PowerShell.Management\Set-Item -LiteralPath "Env:$($Matches[1])" -Value ([uri]::UnescapeDataString(($Matches[2] -creplace '_', '%'))) }
                }
                '^say (.+)' { Microsoft.PowerShell.Utility\Write-Host "awsmfa: $([uri]::UnescapeDataString(($Matches[1] -creplace '_', '%')))" }
            }
            $done = $true
        } elseif ($leave) {
            Microsoft.PowerShell.Utility\Write-Host 'awsmfa: awsmfa gave no answer, so its session is no longer in this shell'
        }
    } finally { if ($leave -and -not $done) { _awsmfa_drop } }
    $global:_awsmfa_seen = _awsmfa_look
    if ($is_typed -and -not ($done -and $LASTEXITCODE -eq 0)) { throw "awsmfa $($args[0]) has failed with status $LASTEXITCODE" }
}

# -- Without the program -------------------------------------------------------------------------
# Nothing, but what is ours goes when it ends.

function global:_awsmfa_is_ours { "$env:AWSMFA_SESSION" -cmatch '^([^:]+):.' -and $Matches[1] -ceq $env:AWS_ACCESS_KEY_ID }

function global:_awsmfa_drop {
    if ($env:AWS_REGION -ceq $env:AWSMFA_REGION) { $env:AWS_REGION = $null }
    if ($env:AWS_DEFAULT_REGION -ceq $env:AWSMFA_REGION) { $env:AWS_DEFAULT_REGION = $null }
    if ($env:AWS_VAULT -ceq $env:AWSMFA_PROFILE) { $env:AWS_VAULT = $null }
    $env:AWS_ACCESS_KEY_ID = $env:AWS_SECRET_ACCESS_KEY = $env:AWS_SESSION_TOKEN = $env:AWS_CREDENTIAL_EXPIRATION = $null
    $env:AWSMFA_PROFILE = $env:AWSMFA_EXPIRES = $env:AWSMFA_SESSION = $env:AWSMFA_REGION = $null
}

function global:_awsmfa_gone {
    $global:_awsmfa_next = [datetime]::UtcNow.Ticks + 600000000
    if ("$env:AWSMFA_EXPIRES" -cmatch '^[1-9][0-9]{9}\z' -and
        [datetime]::UtcNow.Ticks -ge 621355968000000000 + 10000000 * [long]$env:AWSMFA_EXPIRES -and (_awsmfa_is_ours)) {
        _awsmfa_drop
        Microsoft.PowerShell.Utility\Write-Host "awsmfa: the session has ended, and there is no awsmfa at $global:_awsmfa_bin any more"
    }
    $global:_awsmfa_seen = _awsmfa_look
}

# -- The function --------------------------------------------------------------------------------
# An alias of this name would win. Only the whole @args keeps a code such as 000123 as it was typed.

if (Microsoft.PowerShell.Management\Test-Path -LiteralPath Alias:\awsmfa) {
    Microsoft.PowerShell.Management\Remove-Item -LiteralPath Alias:\awsmfa -Force
}
function global:awsmfa {
    $word = @($args) -cne '--verbose' | Microsoft.PowerShell.Utility\Select-Object -First 1
    $changes = @('use', 'off', 'pin', 'unpin') -ccontains $word -and -not ($args -ccontains '-h' -or $args -ccontains '--help')
    if ($MyInvocation.ExpectingInput) {
        if ($changes) { $input | _awsmfa_ask @args } else { $input | & $global:_awsmfa_bin @args }
    } elseif ($changes) { _awsmfa_ask @args } else { & $global:_awsmfa_bin @args }
}

# -- Installing ----------------------------------------------------------------------------------
# Around the prompt that is there. $? is read-only: a hidden error makes it false again. Another tool may have wrapped
# ours, and this may wrap that: each time that ours is met it calls the prompt that it was put around, the oldest last.

if ("$function:prompt" -cnotmatch '_awsmfa_depth') { $global:_awsmfa_prompts = @($function:prompt) + $global:_awsmfa_prompts }
function global:prompt {
    $ok = $?
    $code = $global:LASTEXITCODE
    $depth = $global:_awsmfa_depth++
    try {
        if ($depth -eq 0) {
            if ($global:_awsmfa_is_free) {
                $here = '' + [Environment]::GetEnvironmentVariable('AWS_PROFILE') + '|' + [Environment]::GetEnvironmentVariable('AWS_DEFAULT_PROFILE') +
                    '|' + [Environment]::GetEnvironmentVariable('AWSMFA_SESSION') + '|' + [Environment]::GetEnvironmentVariable('AWSMFA_EXPIRES') + '|'
                if ($global:_awsmfa_pins -ceq '1') { $here += "$PWD" }
            } else { $here = _awsmfa_look }
            if ($here -cne $global:_awsmfa_seen -or ($global:_awsmfa_next -and [datetime]::UtcNow.Ticks -ge $global:_awsmfa_next)) {
                try { if (Microsoft.PowerShell.Management\Test-Path -LiteralPath $global:_awsmfa_bin) { _awsmfa_ask } else { _awsmfa_gone } } catch { }
                $global:LASTEXITCODE = $code
            }
        }
        if (-not $ok) { Microsoft.PowerShell.Utility\Write-Error '' -ErrorAction Ignore }
        & $global:_awsmfa_prompts[$depth]
    } finally {
        $global:_awsmfa_depth = $depth
        $global:LASTEXITCODE = $code
    }
    if (-not $ok) { Microsoft.PowerShell.Utility\Write-Error '' -ErrorAction Ignore }
}
