# awsmfa for elvish, 0.18 and later. In ~/.config/elvish/rc.elv: eval (awsmfa hook elvish | slurp)
# The program decides, this notices and obeys (docs/hook-protocol.md). What it answers is data, and is not evaluated.
#
# eval keeps these names to itself; the user's shell gets the function and the prompt check alone.

use re
use str

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

var bin = '@AWSMFA@'
var awsmfa-program~ = (external $bin)

# -- What this shell remembers -------------------------------------------------------------------
# Never taken from the environment.

var memory = '0'
var seen = $nil
var due = $nil
var pins = $false

# -- The clock -----------------------------------------------------------------------------------
# elvish has none. Linux says in a file how long it has been up; elsewhere it costs a process, and only
# while there is a session.

fn clock {
  try { num [(str:split . (slurp </proc/uptime))][0] } catch { num (e:date +%s) }
}

# -- Noticing ------------------------------------------------------------------------------------

fn look {
  var place = ''
  if $pins { try { set place = $pwd } catch { nop } }
  put [$E:AWS_PROFILE $E:AWS_DEFAULT_PROFILE $E:AWSMFA_SESSION $E:AWSMFA_EXPIRES $place]
}

# -- Obeying -------------------------------------------------------------------------------------
# A program that fails throws when its answer has been obeyed. Without an answer: again in a minute.

fn obey {|answer|
  set memory pins due = $answer[memory] $answer[pins] $nil
  if (!= $answer[next] 0) { set due = (+ (clock) $answer[wait]) }
  for name [(keys $answer[set])] {
    if (eq $answer[set][$name] $nil) { unset-env $name } else { set-env $name $answer[set][$name] }
  }
}

# What they are comes below.
var drop-ours~ end~ = $nop~ $nop~

fn ask {|@words|
  set due = (+ (clock) 60)
  var obeyed = $false
  try {
    awsmfa-program hooked elvish $memory $@words | try { obey (from-json); set obeyed = $true } catch { nop }
    if (not $obeyed) { fail 'awsmfa: there was no answer' }
  } catch e {
    # Killed: where something was to change, the session here may be another account's.
    if (and (not $obeyed) (or (not-eq $words []) (not-eq (look) $seen))) {
      drop-ours 'awsmfa gave no answer, so its session is no longer in this shell'
    }
    fail $e
  } finally {
    set seen = (look)
  }
}

fn awsmfa-check {
  if (or (not-eq (look) $seen) (and $due (>= (clock) $due))) {
    if (has-external $bin) {
      try { ask } catch { nop }
    } else {
      set due = (+ (clock) 60)
      end
      set seen = (look)
    }
  }
}

# -- Without the program -------------------------------------------------------------------------
# Nothing, but what is ours goes when it ends.

set drop-ours~ = {|why|
  if (and (not-eq $E:AWS_ACCESS_KEY_ID '') (str:has-prefix $E:AWSMFA_SESSION $E:AWS_ACCESS_KEY_ID':')) {
    if (eq $E:AWS_VAULT $E:AWSMFA_PROFILE) { unset-env AWS_VAULT }
    if (eq $E:AWS_REGION $E:AWSMFA_REGION) { unset-env AWS_REGION }
    if (eq $E:AWS_DEFAULT_REGION $E:AWSMFA_REGION) { unset-env AWS_DEFAULT_REGION }
    for name [ACCESS_KEY_ID SECRET_ACCESS_KEY SESSION_TOKEN CREDENTIAL_EXPIRATION] { unset-env AWS_$name }
    for name [PROFILE EXPIRES SESSION REGION] { unset-env AWSMFA_$name }
    echo 'awsmfa: '$why >&2
  }
}

set end~ = {
  if (and (re:match '^[1-9][0-9]{9}$' $E:AWSMFA_EXPIRES) (>= (e:date +%s) $E:AWSMFA_EXPIRES)) {
    drop-ours 'the session has ended, and there is no awsmfa at '$bin' any more'
  }
}

# -- The function --------------------------------------------------------------------------------

fn awsmfa {|@args|
  var words = [(each {|word| if (not-eq $word --verbose) { put $word } } $args)]
  var changes = (and (not-eq $words []) (has-value [use off pin unpin] $words[0]))
  if (and $changes (not (has-value $args --help)) (not (has-value $args -h))) {
    ask $@args
  } else {
    awsmfa-program $@args
  }
}

# -- Installing ----------------------------------------------------------------------------------
# Evaluated again, it changes nothing, and so forgets nothing. At the first prompt the check goes
# behind what sets the profile variable, such as direnv's hook.

fn is-check {|hook|
  try { str:contains $hook[body] awsmfa-check } catch { put $false }
}

fn others {
  for hook $edit:before-readline {
    if (not (is-check $hook)) { put $hook }
  }
}

if (== (count [(others)]) (count $edit:before-readline)) {
  set edit:before-readline = [
    $@edit:before-readline
    {
      set edit:before-readline = [(others) { awsmfa-check }]
      awsmfa-check
    }
  ]
  edit:add-var awsmfa~ $awsmfa~
}
