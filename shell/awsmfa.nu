# awsmfa for nushell, 0.114 and later. Once:
# mkdir ($nu.data-dir)/vendor/autoload; awsmfa hook nushell | save -f ($nu.data-dir)/vendor/autoload/awsmfa.nu
# The program decides, this notices and obeys (docs/hook-protocol.md). It has no eval, so it gets a record.

module awsmfa {
  # -- The program -------------------------------------------------------------------------------
  # As it was found on PATH, links unresolved: an upgrade keeps this path.

  const bin = '@AWSMFA@'

  # -- What this shell remembers -----------------------------------------------------------------
  # In a record, which no child's environment holds: what is inherited is text, and is not believed.

  def --env remember [changes: record] {
    $env._awsmfa = ($env._awsmfa | merge $changes)
  }

  # -- The clock ---------------------------------------------------------------------------------

  def clock []: nothing -> int {
    (date now | into int) // 1_000_000_000
  }

  # -- Noticing ----------------------------------------------------------------------------------

  def look []: nothing -> list {
    let place = if $env._awsmfa.pins { $env.PWD? }
    [$env.AWS_PROFILE? $env.AWS_DEFAULT_PROFILE? $env.AWSMFA_SESSION? $env.AWSMFA_EXPIRES? $place]
  }

  def --env check [] {
    let next = $env._awsmfa.next
    if (look) == $env._awsmfa.seen and ($next == 0 or (clock) < $next) { return }
    if ($bin | path exists) {
      ask
    } else {
      remember {next: ((clock) + 60)}
      end
      remember {seen: (look)}
    }
    null
  }

  # -- Obeying -----------------------------------------------------------------------------------
  # What goes becomes null, which no child's environment holds: hide-env takes a value away in one scope
  # of several, and brings an older one back.

  def --env obey []: record -> nothing {
    let answer = $in
    remember {memory: $answer.memory, next: $answer.next, pins: $answer.pins, put: true}
    load-env $answer.set
  }

  # The status. `first` reads no further than the record, so that a failure is thrown when it is obeyed. Without
  # an answer: again in a minute.
  def --env ask [...words: string]: any -> int {
    let input = $in
    remember {next: ((clock) + 60), put: false}
    let status = try {
      $input | ^$bin hooked nushell $env._awsmfa.memory ...$words | from json --objects | first | obey
      0
    } catch {|error| $error.exit_code? | default 127 }
    # Killed: where something was to change, the session here may be another account's.
    if not $env._awsmfa.put and ($words != [] or (look) != $env._awsmfa.seen) and (is-ours) {
      drop-session 'awsmfa gave no answer, so its session is no longer in this shell'
    }
    remember {seen: (look)}
    if $status == 0 and not $env._awsmfa.put { 1 } else { $status }
  }

  # -- Without the program -----------------------------------------------------------------------
  # Nothing, but what is ours goes when it ends.

  def var [name: string]: nothing -> string {
    let value = $env | get --optional $name
    if ($value | describe) == string { $value } else { '' }
  }

  def is-ours []: nothing -> bool {
    let key = var AWS_ACCESS_KEY_ID
    $key != '' and (var AWSMFA_SESSION | str starts-with $'($key):')
  }

  def --env drop-session [why: string] {
    for it in [[theirs ours]; [VAULT PROFILE] [REGION REGION] [DEFAULT_REGION REGION]] {
      if (var $'AWS_($it.theirs)') == (var $'AWSMFA_($it.ours)') { load-env {$'AWS_($it.theirs)': null} }
    }
    load-env {
      AWS_ACCESS_KEY_ID: null, AWS_SECRET_ACCESS_KEY: null, AWS_SESSION_TOKEN: null
      AWS_CREDENTIAL_EXPIRATION: null, AWSMFA_PROFILE: null, AWSMFA_EXPIRES: null
      AWSMFA_SESSION: null, AWSMFA_REGION: null
    }
    print --stderr $'awsmfa: ($why)'
  }

  def --env end [] {
    let expires = var AWSMFA_EXPIRES
    if $expires =~ '\A[1-9][0-9]{9}\z' and (clock) >= ($expires | into int) and (is-ours) {
      drop-session $'the session has ended, and there is no awsmfa at ($bin) any more'
    }
  }

  # -- The function ------------------------------------------------------------------------------

  # The commands, flags and profiles that could stand next, as the program says for fish.
  def complete-word [line: string]: nothing -> table {
    let words = $line | split row --regex '\s+'
    let lines = with-env {AWSMFA_COMPLETE: fish} { ^$bin -- ...$words | lines }
    $lines | split column --number 2 "\t" value description
  }

  # Short-lived, MFA-checked AWS credentials: `use`, `off`, `pin` and `unpin` act on this shell.
  export def --env --wrapped main [...args: string@complete-word] {
    let input = $in
    let word = $args | where $it != '--verbose' | append '' | first
    if $word in [use off pin unpin] and '--help' not-in $args and '-h' not-in $args {
      let status = $input | ask ...$args
      # What comes last gives the status; an error would be shown at length.
      if $status != 0 { ^$nu.current-exe --no-config-file --commands $'exit ($status)' }
    } else if $input == null {
      ^$bin ...$args
    } else {
      $input | ^$bin ...$args
    }
  }

  # -- Installing --------------------------------------------------------------------------------
  # Sourced again, it forgets nothing. At the first prompt the check goes behind what sets the profile variable,
  # such as direnv's hook.

  def others []: nothing -> list {
    $env.config.hooks.pre_prompt | where {|hook| ($hook | describe) !~ '^record' or $hook.of? != awsmfa }
  }

  def --env at-prompt [code: closure] {
    $env.config.hooks.pre_prompt = [...(others) {of: awsmfa, code: $code}]
  }

  export-env {
    if ($env._awsmfa? | describe) !~ '^record' {
      $env._awsmfa = {memory: '0', next: 0, pins: false, put: false}
    }
    remember {seen: []}
    at-prompt {|| at-prompt {|| check }; check }
  }
}

use awsmfa
