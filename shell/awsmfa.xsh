# awsmfa for xonsh, 0.11 and later. Once: awsmfa hook xonsh > ~/.config/xonsh/rc.d/awsmfa.xsh

import builtins as _builtins

class _Awsmfa:
    import math as _math
    import os as _os
    import re as _re
    import signal as _signal
    import subprocess as _subprocess
    import sys as _sys
    import time as _time

    # -- The program -----------------------------------------------------------------------------
    # As it was found on PATH, links unresolved: an upgrade keeps this path.

    bin = '@AWSMFA@'

    # -- What this shell remembers ---------------------------------------------------------------
    # Never taken from the environment: nothing inherited reaches an arithmetic.

    def __init__(self):
        self.kept = None
        self.kept_in = ''
        self.aside = None
        self.next = 0
        self.unreachable = 0
        self.said = ''
        self.look()

    def look(self):
        self.session = self.var('AWSMFA_SESSION')
        self.profile = self.var('AWS_PROFILE')
        self.default = self.var('AWS_DEFAULT_PROFILE')

    def var(self, name):
        return str(${...}.get(name) or '')

    # -- Whose session ---------------------------------------------------------------------------
    # Ours only while the key is the one that was written down; an end only if it is a plain number.

    def is_ours(self):
        key = self.var('AWS_ACCESS_KEY_ID')
        return key != '' and self.var('AWSMFA_SESSION').startswith(key + ':')

    def left(self):
        expires = self.var('AWSMFA_EXPIRES')
        if not self._re.fullmatch('[1-9][0-9]{0,11}', expires):
            return None
        return int(expires) - int(self._time.time())

    def is_due(self):
        left = self.left()
        return left is not None and left <= 600 and self.is_ours()

    # -- Words -----------------------------------------------------------------------------------

    def say(self, text):
        print('awsmfa: ' + text, file=self._sys.stderr, flush=True)

    # The command for a new session. A name that no profile can have is not repeated.
    def hint(self, name):
        if self._re.fullmatch('[-A-Za-z0-9_/.%@:+]+', name):
            return 'run awsmfa use ' + name
        return 'run awsmfa use'

    # -- Into this shell -------------------------------------------------------------------------
    # Not by $(): it loses an output now and then.

    def output(self, args, instead={}, **streams):
        process = self._subprocess.Popen(
            [self.bin, *args],
            stdout=self._subprocess.PIPE,
            env={**${...}.detype(), **instead},
            **streams,
        )
        code = process.communicate()[0].decode()
        return code if code.startswith('${...}.pop(') else '', process.returncode

    # Evaluates what `awsmfa use` prints for a hook, a failure too. The program answers Ctrl-C, and
    # the code that it prints then must be evaluated.
    def load(self, args, **streams):
        before = self._signal.signal(self._signal.SIGINT, self._signal.SIG_IGN)
        try:
            code, status = self.output(['use', '--shell', 'xonsh', *args], **streams)
        finally:
            self._signal.signal(self._signal.SIGINT, before)
        try:
            execx(code)
        except RuntimeError:
            status = status or 1
        return status

    # The same at a prompt: silent, 3 seconds at most, and a failure changes nothing. Where AWS did not
    # answer (4), only stored sessions are looked for in the next minute.
    def load_silently(self, *args, instead={}):
        if not self._os.access(self.bin, self._os.X_OK):
            return False
        only = ['--only-stored'] if self._time.time() < self.unreachable else []
        always = ['--shell', 'xonsh', '--no-input', '--at-prompt', '--keep-profile']
        code, status = self.output(
            ['env', *always, *only, *args], instead, stdin=self._subprocess.DEVNULL
        )
        if status == 4:
            self.unreachable = self._time.time() + 60
        if status != 0 or code == '':
            return False
        execx(code)
        return True

    # -- Out of this shell -----------------------------------------------------------------------

    def drop(self):
        region = self.var('AWSMFA_REGION')
        if self.var('AWS_VAULT') == self.var('AWSMFA_PROFILE'):
            ${...}.pop('AWS_VAULT', None)
        for name in ('ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN', 'CREDENTIAL_EXPIRATION'):
            ${...}.pop('AWS_' + name, None)
        for name in ('PROFILE', 'EXPIRES', 'SESSION', 'REGION'):
            ${...}.pop('AWSMFA_' + name, None)
        for name in ('AWS_REGION', 'AWS_DEFAULT_REGION'):
            if region and self.var(name) == region:
                ${...}.pop(name, None)

    # -- The profile variable --------------------------------------------------------------------
    # A session that it brought carries the former one behind its entry in AWSMFA_SESSION, so that a
    # nested shell knows too. `aside` is the former one while there is none.

    def former(self, session):
        parts = session.split(':', 2)
        return parts[2] if len(parts) == 3 else None

    def bring_back(self, former):
        if not former:
            return False
        # Not in the environment, so that nothing of it stays where this is interrupted.
        session = {'AWS_ACCESS_KEY_ID': former.split(':')[0], 'AWSMFA_SESSION': former}
        return self.load_silently('--renew', '--min-ttl', '1m', instead=session)

    def follow(self):
        before = self.profile or self.default
        now = self.var('AWS_PROFILE') or self.var('AWS_DEFAULT_PROFILE')
        if self.is_ours():
            former = self.former(self.var('AWSMFA_SESSION'))
            brought = former is not None
            if not brought:
                former = self.var('AWSMFA_SESSION')
            self.aside = None
        elif self.aside is not None and not self.var('AWS_ACCESS_KEY_ID'):
            former, brought = self.aside, True
        else:
            return
        if now == before:
            return
        if now:
            if self.load_silently('--profile=' + now):
                ${...}['AWSMFA_SESSION'] = self.var('AWSMFA_SESSION') + ':' + former
                return
            if self.is_ours():
                self.drop()
            self.aside = former
            self.say(
                'the profile variable has changed, and there is no session of that profile: '
                + self.hint(now)
            )
        elif brought:
            self.aside = None
            if self.is_ours():
                self.drop()
            if not self.bring_back(former):
                self.say('the session that the profile variable brought is gone with it: run awsmfa use')
        elif self.var('AWSMFA_SESSION') != self.session:
            self.keep([self.profile, self.default, '', ''])

    # -- The end of a session --------------------------------------------------------------------

    def renew(self):
        session, name = self.var('AWSMFA_SESSION'), self.var('AWSMFA_PROFILE')
        former = self.former(session)
        now = self._time.time()
        if now >= self.next:
            self.next = now + 60
            if self.load_silently('--renew', '--min-ttl', '10m'):
                if former is not None:
                    ${...}['AWSMFA_SESSION'] = self.var('AWSMFA_SESSION') + ':' + former
                return
        left = self.left()
        if left <= 0:
            if former is not None:
                self.aside = former
            self.drop()
            if not self.var('AWS_PROFILE') and not self.var('AWS_DEFAULT_PROFILE'):
                self.give_back()
            self.say('the session has ended: ' + self.hint(name))
        elif self.said != session:
            self.said = session
            minutes = self._math.ceil(left / 60)
            self.say(f'the session ends in {minutes} min and cannot be renewed: ' + self.hint(name))

    # -- The prompt check ------------------------------------------------------------------------
    # Nothing to do costs two comparisons, and with a session a look at the clock.

    def prompt(self):
        if (self.var('AWS_PROFILE'), self.var('AWS_DEFAULT_PROFILE')) != (self.profile, self.default):
            self.follow()
        if self.is_due():
            self.renew()
        self.look()

    # -- awsmfa use, awsmfa off ------------------------------------------------------------------
    # The first that a session takes away is what its end and `off` give back. What direnv put there
    # is its own to give, so it comes back only in the same directory.

    def keep(self, taken):
        if self.kept is None:
            self.kept = taken
            self.kept_in = self.var('DIRENV_DIR')

    def give_back(self):
        if self.kept is not None and self.kept_in == self.var('DIRENV_DIR'):
            names = ('AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION')
            for name, value in zip(names, self.kept):
                if value and not (name.endswith('REGION') and self.var(name)):
                    ${...}[name] = value
        self.kept = None

    def use(self, args, **streams):
        taken = [self.var('AWS_PROFILE'), self.var('AWS_DEFAULT_PROFILE')]
        for name in ('AWS_REGION', 'AWS_DEFAULT_REGION'):
            region = self.var(name)
            taken.append('' if region == self.var('AWSMFA_REGION') else region)
        status = self.load(args, **streams)
        if status == 0:
            self.keep(taken)
            self.aside = None
        return status

    def off(self):
        if self.is_ours() or self.var('AWS_SESSION_TOKEN') or self.var('AWS_SECURITY_TOKEN'):
            self.drop()
            ${...}.pop('AWS_SECURITY_TOKEN', None)
        else:
            self.say('there is no session in this shell')
            ${...}.pop('AWSMFA_PROFILE', None)
        self.aside = None
        self.give_back()
        return 0

    def command(self, args, stdin=None, stdout=None, stderr=None):
        acts = '--help' not in args and '-h' not in args
        if acts and args[:1] == ['use']:
            status = self.use(args[1:], stdin=stdin, stderr=stderr)
        elif acts and args == ['off']:
            status = self.off()
        else:
            status = self._subprocess.call(
                [self.bin, *args], stdin=stdin, stdout=stdout, stderr=stderr, env=${...}.detype()
            )
        self.profile = self.var('AWS_PROFILE')
        self.default = self.var('AWS_DEFAULT_PROFILE')
        return status

# -- Installing ----------------------------------------------------------------------------------
# Evaluated again, it changes nothing, and so forgets nothing. The terminal and the environment belong
# to the main thread.

def _awsmfa_install():
    from xonsh.tools import unthreadable

    hook = _builtins._awsmfa = _Awsmfa()

    @unthreadable
    def awsmfa(args, stdin=None, stdout=None, stderr=None):
        return hook.command(args, stdin, stdout, stderr)

    aliases['awsmfa'] = awsmfa

    @events.on_pre_prompt
    def awsmfa_prompt(**_):
        hook.prompt()

if not hasattr(_builtins, '_awsmfa'):
    _awsmfa_install()
