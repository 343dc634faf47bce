# awsmfa for xonsh, 0.11 and later. Once: awsmfa hook xonsh > ~/.config/xonsh/rc.d/awsmfa.xsh
# The program decides, this notices and obeys (docs/hook-protocol.md). Nothing is evaluated.

import builtins as _builtins

class _Awsmfa:
    import json as _json
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
    # Never taken from the environment.

    memory, seen, next, pins = '0', None, 0, False

    # -- The clock -------------------------------------------------------------------------------

    now = staticmethod(_time.time)

    # -- Noticing --------------------------------------------------------------------------------

    def var(self, name):
        return str(${...}.get(name) or '')

    def look(self):
        names = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWSMFA_SESSION', 'AWSMFA_EXPIRES']
        return [self.var(name) for name in names + ['PWD'] * self.pins]

    def prompt(self):
        if self.look() == self.seen and (self.next == 0 or self.now() < self.next):
            return
        if self._os.access(self.bin, self._os.X_OK):
            self.ask([], stdin=self._subprocess.DEVNULL)
        else:
            self.next = self.now() + 60
            self.end()
            self.seen = self.look()

    # -- Obeying ---------------------------------------------------------------------------------
    # Not by $(): it loses an output now and then. Ctrl-C is the program's: it answers that, and the answer
    # must not be lost. Without an answer: again in a minute.

    def ask(self, words, **streams):
        self.next = self.now() + 60
        before = self._signal.signal(self._signal.SIGINT, lambda *_: None)
        try:
            process = self._subprocess.Popen(
                [self.bin, 'hooked', 'xonsh', self.memory, *words],
                stdout=self._subprocess.PIPE,
                env=${...}.detype(),
                **streams,
            )
            text = process.communicate()[0]
            status = process.returncode
            try:
                answer = self._json.loads(text)
                self.memory, self.next, self.pins = answer['memory'], answer['next'], answer['pins']
                for name, value in answer['set'].items():
                    ${...}.pop(name, None)
                    if value is not None:
                        ${...}[name] = value
            except (ValueError, KeyError, TypeError):
                # Killed: where something was to change, the session here may be another account's.
                if (words or self.look() != self.seen) and self.is_ours():
                    self.drop('awsmfa gave no answer, so its session is no longer in this shell')
                status = status or 1
        finally:
            self._signal.signal(self._signal.SIGINT, before)
        self.seen = self.look()
        return status

    # -- Without the program ---------------------------------------------------------------------
    # Nothing, but what is ours goes when it ends.

    def is_ours(self):
        key = self.var('AWS_ACCESS_KEY_ID')
        return key != '' and self.var('AWSMFA_SESSION').startswith(key + ':')

    def drop(self, why):
        for theirs, ours in [('VAULT', 'PROFILE'), ('REGION', 'REGION'), ('DEFAULT_REGION', 'REGION')]:
            if self.var('AWS_' + theirs) == self.var('AWSMFA_' + ours):
                ${...}.pop('AWS_' + theirs, None)
        for name in ['ACCESS_KEY_ID', 'SECRET_ACCESS_KEY', 'SESSION_TOKEN', 'CREDENTIAL_EXPIRATION']:
            ${...}.pop('AWS_' + name, None)
        for name in ['PROFILE', 'EXPIRES', 'SESSION', 'REGION']:
            ${...}.pop('AWSMFA_' + name, None)
        print('awsmfa: ' + why, file=self._sys.stderr, flush=True)

    def end(self):
        expires = self.var('AWSMFA_EXPIRES')
        if self._re.fullmatch('[1-9][0-9]{9}', expires) and self.now() >= int(expires) and self.is_ours():
            self.drop(f'the session has ended, and there is no awsmfa at {self.bin} any more')

    # -- The function ----------------------------------------------------------------------------

    def function(self, words, stdin=None, stdout=None, stderr=None):
        asks_for_help = '-h' in words or '--help' in words
        word = [word for word in words if word != '--verbose'][:1]
        if not asks_for_help and word in (['use'], ['off'], ['pin'], ['unpin']):
            return self.ask(words, stdin=stdin, stderr=stderr)
        command = [self.bin, *words]
        return self._subprocess.call(command, stdin=stdin, stdout=stdout, stderr=stderr, env=${...}.detype())

# -- Installing ----------------------------------------------------------------------------------
# Evaluated again, it changes nothing, and so forgets nothing. The terminal and the environment belong
# to the main thread.

def _awsmfa_install():
    from xonsh.tools import unthreadable

    hook = _builtins._awsmfa = _Awsmfa()

    @unthreadable
    def awsmfa(args, stdin=None, stdout=None, stderr=None):
        return hook.function(args, stdin, stdout, stderr)

    aliases['awsmfa'] = awsmfa

    @events.on_pre_prompt
    def awsmfa_prompt(**_):
        hook.prompt()

if not hasattr(_builtins, '_awsmfa'):
    _awsmfa_install()
