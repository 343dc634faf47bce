# awsmfa for nushell, 0.114 and later. Once:
# mkdir ($nu.data-dir)/vendor/autoload; awsmfa hook nushell | save -f ($nu.data-dir)/vendor/autoload/awsmfa.nu

module awsmfa {
  # -- The program -------------------------------------------------------------------------------
  # As it was found on PATH, links unresolved: an upgrade keeps this path.

  const bin = '@AWSMFA@'

  # -- What this shell remembers -----------------------------------------------------------------
  # In a record, which no child's environment holds: what is inherited is text, and is not believed.
  # Sourced again, it forgets nothing.

  def --env remember [changes: record] {
    $env._awsmfa = ($env._awsmfa | merge $changes)
  }

  def --env look [] {
    remember {profile: $env.AWS_PROFILE?, default: $env.AWS_DEFAULT_PROFILE?}
  }

  def var [name: string]: nothing -> string {
    let value = $env | get --optional $name
    if ($value | describe) == string { $value } else { '' }
  }

  # -- The clock ---------------------------------------------------------------------------------

  def clock []: nothing -> int {
    (date now | into int) // 1_000_000_000
  }

  # -- Whose session -----------------------------------------------------------------------------
  # Ours only while the key is the one that was written down; an end only if it is a plain number.

  def is-ours []: nothing -> bool {
    let key = var AWS_ACCESS_KEY_ID
    $key != '' and (var AWSMFA_SESSION | str starts-with $'($key):')
  }

  # The second from which on the session is to be renewed.
  def due [] {
    if (var AWSMFA_EXPIRES) =~ '\A[1-9][0-9]{0,11}\z' { ($env.AWSMFA_EXPIRES | into int) - 600 }
  }

  # -- Words -------------------------------------------------------------------------------------

  def say [text: string] {
    print --stderr $'awsmfa: ($text)'
  }

  # The command for a new session. A name that no profile can have is not repeated.
  def hint [name: string]: nothing -> string {
    if $name =~ '\A[-A-Za-z0-9_/.%@:+]+\z' { $'run awsmfa use ($name)' } else { 'run awsmfa use' }
  }

  # -- Into this shell ---------------------------------------------------------------------------
  # What goes becomes null, which no child's environment holds: hide-env takes a value away in one scope
  # of several, and brings an older one back.

  # Takes what `awsmfa use` prints for a hook, at a failure too; the status.
  def --env load [...args: string]: nothing -> int {
    try {
      ^$bin use --shell nushell ...$args | from json --objects | first | load-env
      0
    } catch {|error|
      if $error.exit_code? == null { print --stderr $error.rendered }
      $error.exit_code? | default 127
    }
  }

  # The same at a prompt: silent, 3 seconds at most, and a failure changes nothing. Where AWS did not
  # answer (4), only stored sessions are looked for in the next minute.
  def --env load-silently [...args: string, --as: record = {}]: nothing -> bool {
    let only = if (clock) < $env._awsmfa.unreachable { [--only-stored] } else { [] }
    # For the program alone, so that nothing of it stays where this is interrupted.
    let ran = try {
      with-env $as {
        ^$bin env --shell nushell --no-input --at-prompt --keep-profile ...$only ...$args | complete
      }
    } catch { {exit_code: 127} }
    if $ran.exit_code == 4 { remember {unreachable: ((clock) + 60)} }
    if $ran.exit_code == 0 { $ran.stdout | from json | load-env }
    $ran.exit_code == 0
  }

  # -- Out of this shell -------------------------------------------------------------------------

  def --env drop-session [] {
    let region = var AWSMFA_REGION
    if (var AWS_VAULT) == (var AWSMFA_PROFILE) { $env.AWS_VAULT = null }
    load-env {
      AWS_ACCESS_KEY_ID: null, AWS_SECRET_ACCESS_KEY: null, AWS_SESSION_TOKEN: null
      AWS_CREDENTIAL_EXPIRATION: null, AWSMFA_PROFILE: null, AWSMFA_EXPIRES: null
      AWSMFA_SESSION: null, AWSMFA_REGION: null
    }
    if $region != '' {
      if (var AWS_REGION) == $region { $env.AWS_REGION = null }
      if (var AWS_DEFAULT_REGION) == $region { $env.AWS_DEFAULT_REGION = null }
    }
  }

  # -- The profile variable ----------------------------------------------------------------------
  # A session that it brought carries the former one behind its entry in AWSMFA_SESSION, so that a
  # nested shell knows too. `aside` is the former one while there is none.

  def former [session: string] {
    let parts = $session | split row --number 3 ':'
    if ($parts | length) == 3 { $parts | last }
  }

  def --env bring-back [former: string]: nothing -> bool {
    if $former == '' { return false }
    let key = $former | split row ':' | first
    load-silently '--renew' '--min-ttl' 1m --as {AWS_ACCESS_KEY_ID: $key, AWSMFA_SESSION: $former}
  }

  def first-text []: list -> string {
    $in | where ($it | is-not-empty) | append '' | first
  }

  def --env follow [] {
    let saw = $env._awsmfa
    let from = [$saw.profile $saw.default] | first-text
    let to = [(var AWS_PROFILE) (var AWS_DEFAULT_PROFILE)] | first-text
    let session = var AWSMFA_SESSION
    let brought = if (is-ours) {
      remember {aside: null}
      former $session
    } else if $saw.aside != null and (var AWS_ACCESS_KEY_ID) == '' {
      $saw.aside
    } else {
      return
    }
    if $to == $from { return }
    if $to != '' {
      let former = $brought | default $session
      if (load-silently $'--profile=($to)') {
        $env.AWSMFA_SESSION = $'($env.AWSMFA_SESSION):($former)'
        return
      }
      if (is-ours) { drop-session }
      remember {aside: $former}
      say $'the profile variable has changed, and there is no session of that profile: (hint $to)'
    } else if $brought != null {
      remember {aside: null}
      if (is-ours) { drop-session }
      if not (bring-back $brought) {
        say 'the session that the profile variable brought is gone with it: run awsmfa use'
      }
    } else if $session != ($saw.session | default '') {
      keep [$saw.profile $saw.default null null]
    }
  }

  # -- The end of a session ----------------------------------------------------------------------

  def --env renew [] {
    let session = var AWSMFA_SESSION
    let name = var AWSMFA_PROFILE
    let former = former $session
    if (clock) >= $env._awsmfa.next {
      remember {next: ((clock) + 60)}
      if (load-silently '--renew' '--min-ttl' 10m) {
        if $former != null { $env.AWSMFA_SESSION = $'($env.AWSMFA_SESSION):($former)' }
        return
      }
    }
    let left = ($env.AWSMFA_EXPIRES | into int) - (clock)
    if $left <= 0 {
      if $former != null { remember {aside: $former} }
      drop-session
      if (var AWS_PROFILE) == '' and (var AWS_DEFAULT_PROFILE) == '' { give-back }
      say $'the session has ended: (hint $name)'
    } else if $env._awsmfa.said != $session {
      remember {said: $session}
      say $'the session ends in (($left + 59) // 60) min and cannot be renewed: (hint $name)'
    }
  }

  # -- The prompt check --------------------------------------------------------------------------
  # Nothing to do costs three comparisons, and with a session a look at the clock: every call of a
  # function here costs more than that.

  def --env check [] {
    if $env.AWS_PROFILE? != $env._awsmfa.profile or $env.AWS_DEFAULT_PROFILE? != $env._awsmfa.default {
      follow
      look
    }
    if $env.AWSMFA_EXPIRES? != $env._awsmfa.expires {
      remember {expires: $env.AWSMFA_EXPIRES?, due: (due)}
    }
    if $env._awsmfa.due != null and (clock) >= $env._awsmfa.due and (is-ours) {
      renew
      look
    }
    if $env.AWSMFA_SESSION? != $env._awsmfa.session { remember {session: $env.AWSMFA_SESSION?} }
  }

  # -- awsmfa use, awsmfa off --------------------------------------------------------------------
  # The first that a session takes away is what its end and `off` give back. What direnv put there is
  # its own to give, so it comes back only in the same directory.

  def --env keep [taken: list] {
    if $env._awsmfa.kept == null { remember {kept: $taken, kept_in: (var DIRENV_DIR)} }
  }

  def --env give-back [] {
    let kept = $env._awsmfa.kept
    if $kept != null and $env._awsmfa.kept_in == (var DIRENV_DIR) {
      for it in ($kept | zip [AWS_PROFILE AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION]) {
        let is_users = $it.1 =~ REGION and (var $it.1) != ''
        if ($it.0 | is-not-empty) and not $is_users { load-env {$it.1: $it.0} }
      }
    }
    remember {kept: null}
  }

  def --env use-session [...args: string]: nothing -> int {
    let ours = var AWSMFA_REGION
    let regions = [(var AWS_REGION) (var AWS_DEFAULT_REGION)]
    let regions = $regions | each {|region| if $region == $ours { '' } else { $region } }
    let taken = [(var AWS_PROFILE) (var AWS_DEFAULT_PROFILE) ...$regions]
    let status = load ...$args
    if $status == 0 {
      keep $taken
      remember {aside: null}
    }
    $status
  }

  def --env off [] {
    if (is-ours) or (var AWS_SESSION_TOKEN) != '' or (var AWS_SECURITY_TOKEN) != '' {
      drop-session
      $env.AWS_SECURITY_TOKEN = null
    } else {
      say 'there is no session in this shell'
      $env.AWSMFA_PROFILE = null
    }
    remember {aside: null}
    give-back
  }

  # The commands, flags and profiles that could stand next, as the program says for fish.
  def complete-word [line: string]: nothing -> table {
    let words = $line | split row --regex '\s+'
    let lines = with-env {AWSMFA_COMPLETE: fish} { ^$bin -- ...$words | lines }
    $lines | split column --number 2 "\t" value description
  }

  # Short-lived, MFA-checked AWS credentials: `use` and `off` act on this shell.
  export def --env --wrapped main [...args: string@complete-word] {
    let input = $in
    let acts = '--help' not-in $args and '-h' not-in $args
    if $acts and ($args | first 1) == [use] {
      let status = use-session ...($args | skip 1)
      look
      # What comes last gives the status; an error would be shown at length.
      if $status != 0 { ^$nu.current-exe --no-config-file --commands $'exit ($status)' }
    } else if $acts and $args == [off] {
      off
      look
    } else if $input == null {
      ^$bin ...$args
    } else {
      $input | ^$bin ...$args
    }
  }

  # -- Installing --------------------------------------------------------------------------------
  # At the first prompt the check goes behind what sets the profile variable, such as direnv's hook.

  def others []: nothing -> list {
    $env.config.hooks.pre_prompt | where {|hook| ($hook | describe) !~ '^record' or $hook.of? != awsmfa }
  }

  def --env at-prompt [code: closure] {
    $env.config.hooks.pre_prompt = [...(others) {of: awsmfa, code: $code}]
  }

  export-env {
    if ($env._awsmfa? | describe) !~ '^record' {
      $env._awsmfa = {
        kept: null, kept_in: '', aside: null, next: 0, unreachable: 0, said: '',
        session: $env.AWSMFA_SESSION?, profile: null, default: null, expires: null, due: null
      }
      look
    }
    at-prompt {|| at-prompt {|| check }; check }
  }
}

use awsmfa
