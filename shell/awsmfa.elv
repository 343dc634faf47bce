# awsmfa for elvish, 0.18 and later. In ~/.config/elvish/rc.elv: eval (awsmfa hook elvish | slurp)
#
# eval keeps these names to itself; the user's shell gets the function and the prompt check alone.

use math
use re
use str

# -- The program ---------------------------------------------------------------------------------
# As it was found on PATH, links unresolved: an upgrade keeps this path.

var bin = '@AWSMFA@'
var awsmfa-program~ = (external $bin)

# -- What this shell remembers -------------------------------------------------------------------
# Never taken from the environment: nothing inherited reaches an arithmetic.

var kept = $nil
var kept-in = ''
var aside = $nil
var next = 0
var unreachable = 0
var said = ''
var session = $E:AWSMFA_SESSION
var profile = $E:AWS_PROFILE
var default = $E:AWS_DEFAULT_PROFILE

# -- The clock -----------------------------------------------------------------------------------
# elvish has none. Linux says in two files when it was started and how long ago that is; elsewhere
# it costs a process, and only while there is a session.

fn uptime {
  put [(str:split . (slurp </proc/uptime))][0]
}

var boot = $nil
try {
  var started = (num [(re:find '(?m)^btime ([0-9]+)$' (slurp </proc/stat))][0][groups][1][text])
  # A container may be shown one of the two files of another machine.
  var off-by = (- (e:date +%s) $started (uptime))
  # The second was cut short; an end that comes early is better than one that is late.
  if (< -3 $off-by 3) { set boot = (+ $started 1) }
} catch { nop }

fn clock {
  if $boot { + $boot (uptime) } else { num (e:date +%s) }
}

# -- Whose session -------------------------------------------------------------------------------
# Ours only while the key is the one that was written down; an end only if it is a plain number.

fn is-ours {
  and (not-eq $E:AWS_ACCESS_KEY_ID '') (str:has-prefix $E:AWSMFA_SESSION $E:AWS_ACCESS_KEY_ID':')
}

fn is-due {
  and (re:match '^[1-9][0-9]{0,11}$' $E:AWSMFA_EXPIRES) ^
    (is-ours) ^
    (>= (clock) (- $E:AWSMFA_EXPIRES 600))
}

# -- Words ---------------------------------------------------------------------------------------

fn say {|text|
  echo 'awsmfa: '$text >&2
}

# The command for a new session. A name that no profile can have is not repeated.
fn hint {|name|
  if (re:match '^[-A-Za-z0-9_/.%@:+]+$' $name) {
    put 'run awsmfa use '$name
  } else {
    put 'run awsmfa use'
  }
}

# -- Into this shell -----------------------------------------------------------------------------

fn evaluate {|code|
  if (str:has-prefix $code 'unset-env ') { eval $code }
}

# Evaluates what `awsmfa use` prints for a hook, a failure too. The one exception is the program's.
fn load {|@args|
  awsmfa-program use --shell elvish $@args | try { evaluate (slurp) } catch { nop }
}

# The same at a prompt: silent, 3 seconds at most, and a failure changes nothing. Where AWS did not
# answer (4), only stored sessions are looked for in the next minute.
fn load-silently {|@args &as=[]|
  var only = []
  if (< (clock) $unreachable) { set only = [--only-stored] }
  try {
    # `env` says whose session it is, and nothing of that stays where this is interrupted.
    evaluate (e:env $@as $bin env --shell elvish --no-input --at-prompt --keep-profile $@only $@args 2>/dev/null | slurp)
    put $true
  } catch e {
    if (and (has-key $e[reason] exit-status) (eq $e[reason][exit-status] 4)) {
      set unreachable = (+ (clock) 60)
    }
    put $false
  }
}

# -- Out of this shell ---------------------------------------------------------------------------

fn drop {
  if (eq $E:AWS_VAULT $E:AWSMFA_PROFILE) { unset-env AWS_VAULT }
  var region = $E:AWSMFA_REGION
  each $unset-env~ [
    AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION
    AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION
  ]
  if (not-eq $region '') {
    if (eq $E:AWS_REGION $region) { unset-env AWS_REGION }
    if (eq $E:AWS_DEFAULT_REGION $region) { unset-env AWS_DEFAULT_REGION }
  }
}

# -- The profile variable ------------------------------------------------------------------------
# A session that it brought carries the former one behind its entry in AWSMFA_SESSION, so that a
# nested shell knows too. `aside` is the former one while there is none.

fn is-brought {|session|
  >= (count [(str:split : $session)]) 3
}

fn former-of {|session|
  str:join : [(str:split : $session)][2..]
}

# The first that a session takes away. What direnv put there is its own to give, so it comes back only
# in the same directory.
fn keep {|@taken|
  if (not $kept) {
    set kept = $taken
    set kept-in = $E:DIRENV_DIR
  }
}

# What its end and `off` give back.
fn give-back {
  if (and $kept (eq $kept-in $E:DIRENV_DIR)) {
    var kept-profile kept-default region default-region = $@kept
    if (not-eq $kept-profile '') { set-env AWS_PROFILE $kept-profile }
    if (not-eq $kept-default '') { set-env AWS_DEFAULT_PROFILE $kept-default }
    if (and (eq $E:AWS_REGION '') (not-eq $region '')) { set-env AWS_REGION $region }
    if (and (eq $E:AWS_DEFAULT_REGION '') (not-eq $default-region '')) { set-env AWS_DEFAULT_REGION $default-region }
  }
  set kept = $nil
}

fn bring-back {|former|
  if (eq $former '') {
    put $false
  } else {
    var key = [(str:split : $former)][0]
    load-silently --renew --min-ttl 1m &as=[AWS_ACCESS_KEY_ID=$key AWSMFA_SESSION=$former]
  }
}

fn follow {
  var from to former brought = $profile $E:AWS_PROFILE '' $false
  if (eq $from '') { set from = $default }
  if (eq $to '') { set to = $E:AWS_DEFAULT_PROFILE }
  if (is-ours) {
    set former = $E:AWSMFA_SESSION
    if (is-brought $former) { set former brought = (former-of $former) $true }
    set aside = $nil
  } elif (and (not-eq $aside $nil) (eq $E:AWS_ACCESS_KEY_ID '')) {
    set former brought = $aside $true
  } else {
    return
  }
  if (eq $to $from) {
    return
  } elif (not-eq $to '') {
    if (load-silently --profile=$to) {
      set-env AWSMFA_SESSION $E:AWSMFA_SESSION':'$former
      return
    }
    if (is-ours) { drop }
    set aside = $former
    say 'the profile variable has changed, and there is no session of that profile: '(hint $to)
  } elif $brought {
    set aside = $nil
    if (is-ours) { drop }
    if (not (bring-back $former)) {
      say 'the session that the profile variable brought is gone with it: run awsmfa use'
    }
  } elif (not-eq $E:AWSMFA_SESSION $session) {
    keep $profile $default '' ''
  }
}

# -- The end of a session ------------------------------------------------------------------------

fn renew {
  var session name now = $E:AWSMFA_SESSION $E:AWSMFA_PROFILE (clock)
  if (>= $now $next) {
    set next = (+ $now 60)
    if (load-silently --renew --min-ttl 10m) {
      if (is-brought $session) { set-env AWSMFA_SESSION $E:AWSMFA_SESSION':'(former-of $session) }
      return
    }
    if (not (is-due)) { return }
  }
  if (>= $now $E:AWSMFA_EXPIRES) {
    if (is-brought $session) { set aside = (former-of $session) }
    drop
    if (eq $E:AWS_PROFILE$E:AWS_DEFAULT_PROFILE '') { give-back }
    say 'the session has ended: '(hint $name)
  } elif (not-eq $said $session) {
    set said = $session
    var minutes = (math:ceil (/ (- $E:AWSMFA_EXPIRES $now) 60))
    say 'the session ends in '$minutes' min and cannot be renewed: '(hint $name)
  }
}

# -- The prompt check ----------------------------------------------------------------------------
# Nothing to do costs two comparisons, and with a session a look at the clock.

fn awsmfa-check {
  if (or (not-eq $E:AWS_PROFILE $profile) (not-eq $E:AWS_DEFAULT_PROFILE $default)) {
    follow
    set profile default = $E:AWS_PROFILE $E:AWS_DEFAULT_PROFILE
  }
  if (is-due) {
    renew
    set profile default = $E:AWS_PROFILE $E:AWS_DEFAULT_PROFILE
  }
  set session = $E:AWSMFA_SESSION
}

# -- awsmfa use, awsmfa off ----------------------------------------------------------------------

fn use-session {|@args|
  var taken = [$E:AWS_PROFILE $E:AWS_DEFAULT_PROFILE]
  for region [$E:AWS_REGION $E:AWS_DEFAULT_REGION] {
    if (eq $region $E:AWSMFA_REGION) { set region = '' }
    set taken = [$@taken $region]
  }
  load $@args
  keep $@taken
  set aside = $nil
}

fn off {
  if (or (is-ours) (not-eq $E:AWS_SESSION_TOKEN$E:AWS_SECURITY_TOKEN '')) {
    drop
    unset-env AWS_SECURITY_TOKEN
  } else {
    say 'there is no session in this shell'
    unset-env AWSMFA_PROFILE
  }
  set aside = $nil
  give-back
}

fn awsmfa {|@args|
  var asks-for-help = (or (has-value $args --help) (has-value $args -h))
  if (or $asks-for-help (== (count $args) 0)) {
    awsmfa-program $@args
  } elif (eq $args[0] use) {
    try {
      use-session (all $args[1..])
    } finally {
      set profile default = $E:AWS_PROFILE $E:AWS_DEFAULT_PROFILE
    }
  } elif (eq $args [off]) {
    off
    set profile default = $E:AWS_PROFILE $E:AWS_DEFAULT_PROFILE
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
