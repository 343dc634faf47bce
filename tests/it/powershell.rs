//! The hook in PowerShell, as a person uses it: `use`, `off`, the prompt that was there, and what a function of
//! PowerShell does to arguments. (What the prompt check does is in `powershell_prompt.rs`.) Runs where `pwsh` (on Windows also `powershell`) is, strict; a visible skip elsewhere.
use crate::support::hooked::two_accounts;
use crate::support::powershell::{HOOK, SHOW, STRICT, powershells, run};

#[test]
fn use_puts_a_session_there_and_off_gives_back_what_it_took() {
    for shell in powershells() {
        let world = two_accounts();
        let key = world.log_in("a");
        let script = format!(
            "{HOOK}$env:AWS_PROFILE = 'nobody'\nawsmfa use a --keep-profile\n{SHOW}\"$LASTEXITCODE\"\nawsmfa off\n{SHOW}\
             \"$env:AWS_PROFILE\"\nawsmfa off\n"
        );
        let told = run(shell, &world, &script);
        let expected =
            format!("[a {key}] 0\n0\n[ ] 0\nnobody\nawsmfa: there is no session in this shell\n");
        assert_eq!(told, expected, "{}", shell.name);
    }
}

#[test]
fn a_use_that_fails_throws_and_says_why_once() {
    for shell in powershells() {
        let world = two_accounts();
        let script = format!(
            "{STRICT}{HOOK}try {{ awsmfa use nobody --no-input; 'went on' }} catch {{ \"caught $_\" }}\n\"$LASTEXITCODE\"\n"
        );
        let ran = shell.script(&world, &script);
        assert_eq!(ran.status, 0, "{}: {}", shell.name, ran.stderr);
        assert_eq!(
            ran.stdout.replace("\r\n", "\n"),
            "caught awsmfa use has failed with status 5\n5\n"
        );
        assert_eq!(ran.stderr.matches("awsmfa: ").count(), 1, "{}", ran.stderr);
    }
}

/// `$args` holds the number 123, the whole `@args` what was typed.
#[test]
fn a_code_arrives_with_its_zeros() {
    for shell in powershells() {
        let world = two_accounts();
        let script = format!("{HOOK}awsmfa env a -t 000123 2>&1 | Out-Null\n");
        shell.script(&world, &script);
        let calls = world.sts().calls();
        let code = calls
            .last()
            .unwrap()
            .params
            .get("TokenCode")
            .unwrap()
            .clone();
        assert_eq!(code, "000123", "{}", shell.name);
    }
}

/// PowerShell takes the first `--` for itself.
#[test]
fn exec_runs_the_command_with_and_without_the_hook() {
    for shell in powershells() {
        let world = two_accounts();
        world.log_in("a");
        let say = if cfg!(windows) {
            "cmd /d /c 'echo %AWSMFA_PROFILE%& exit 7'"
        } else {
            "sh -c 'echo $AWSMFA_PROFILE; exit 7'"
        };
        for hook in ["", HOOK] {
            let script = format!("{hook}awsmfa exec a -- {say}\n\"$LASTEXITCODE\"\n");
            assert_eq!(run(shell, &world, &script), "a\n7\n", "{}", shell.name);
        }
    }
}

#[test]
fn what_is_piped_into_the_function_reaches_the_program() {
    for shell in powershells() {
        let world = two_accounts();
        let code = world.code();
        let script = format!("{HOOK}'{code}' | awsmfa use a -t -\n{SHOW}");
        let told = run(shell, &world, &script);
        assert!(told.starts_with("[a ASIA"), "{}: {told}", shell.name);
    }
}

/// A native command that ends with this status.
fn exit(status: u8) -> String {
    if cfg!(windows) {
        format!("cmd /d /c exit {status}\n")
    } else {
        format!("sh -c 'exit {status}'\n")
    }
}

#[test]
fn the_prompt_that_was_there_is_shown_with_the_status_of_the_users_command() {
    for shell in powershells() {
        let world = two_accounts();
        let script = format!(
            "function global:prompt {{ \"ok=$? code=$LASTEXITCODE> \" }}\n{HOOK}{}prompt\n{}prompt\n\"$LASTEXITCODE $($Error.Count)\"\n",
            exit(3),
            exit(0)
        );
        let told = run(shell, &world, &script);
        assert_eq!(
            told, "ok=False code=3> \nok=True code=0> \n0 0\n",
            "{}",
            shell.name
        );
    }
}

/// Loaded again, and by way of another tool that has put itself around ours (zoxide, Visual Studio Code).
#[test]
fn a_prompt_around_ours_around_it_ends() {
    for shell in powershells() {
        let world = two_accounts();
        let script = format!(
            "function global:prompt {{ 'mine> ' }}\n{HOOK}{HOOK}prompt\n$global:inner = $function:prompt\n\
             function global:prompt {{ \"[$(& $global:inner)]\" }}\nprompt\n{HOOK}prompt\n{HOOK}prompt\n"
        );
        let told = run(shell, &world, &script);
        assert_eq!(
            told, "mine> \n[mine> ]\n[mine> ]\n[mine> ]\n",
            "{}",
            shell.name
        );
    }
}

#[test]
fn it_loads_inside_a_function_and_an_alias_of_its_name_gives_way() {
    for shell in powershells() {
        let world = two_accounts();
        let script = "Set-Alias awsmfa Get-Date -Scope Global\nfunction load { Invoke-Expression (& (Get-Command awsmfa -CommandType Application).Path hook powershell) }\n\
             load\n(Get-Command awsmfa).CommandType.ToString()\nawsmfa off\n$null = prompt\n\"$($Error.Count)\"\n";
        let told = run(shell, &world, script);
        let expected = "Function\nawsmfa: there is no session in this shell\n0\n";
        assert_eq!(told, expected, "{}", shell.name);
    }
}

#[test]
fn functions_of_the_user_do_not_see_the_session() {
    for shell in powershells() {
        let world = two_accounts();
        let key = world.log_in("a");
        let script = format!(
            "{HOOK}function global:Invoke-Expression {{ \"stolen $args\" }}\nfunction global:Write-Host {{ 'stolen' }}\n\
             function global:Test-Path {{ $false }}\nawsmfa use a\n{SHOW}awsmfa off\n"
        );
        let told = run(shell, &world, &script);
        assert_eq!(told, format!("[a {key}] 0\n"), "{}", shell.name);
    }
}

/// A locked-down machine (AppLocker, WDAC) runs what is not signed in this mode.
#[test]
fn it_works_in_constrained_language_mode() {
    for shell in powershells() {
        let world = two_accounts();
        let key = world.log_in("a");
        let script = format!(
            "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'\n{HOOK}awsmfa use a\n$null = prompt\n\
             \"[$env:AWSMFA_PROFILE $env:AWS_ACCESS_KEY_ID]\"\nawsmfa off\n$null = prompt\nawsmfa off\n"
        );
        let told = run(shell, &world, &script);
        let expected = format!("[a {key}]\nawsmfa: there is no session in this shell\n");
        assert_eq!(told, expected, "{}", shell.name);
    }
}
