//! The exact text for each shell, for a session that does not change. (That it means what it should is
//! proved by running it: `idioms.rs`.)

use crate::support::example::{printed, world};
use insta::assert_snapshot;

/// A line for each statement, for a reader.
fn by_statement(text: &str) -> String {
    text.replace(" && ", " &&\n").replace("; ", ";\n")
}

#[test]
fn each_shell_reads_its_own_language() {
    let shell = |name| by_statement(&printed(&world(), &["--shell", name], ""));
    assert_snapshot!(shell("bash"), @r#"
    builtin unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION AWS_PROFILE AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_VAULT &&
    ! builtin test -R AWS_ACCESS_KEY_ID -o -R AWS_SECRET_ACCESS_KEY -o -R AWS_SESSION_TOKEN -o -R AWS_CREDENTIAL_EXPIRATION -o -R AWSMFA_PROFILE -o -R AWSMFA_EXPIRES -o -R AWSMFA_SESSION -o -R AWS_REGION -o -R AWS_DEFAULT_REGION -o -R AWSMFA_REGION -o -R AWS_VAULT 2>/dev/null &&
    builtin export AWS_ACCESS_KEY_ID='ASIAIOSFODNN7EXAMPLE' &&
    builtin export AWS_SECRET_ACCESS_KEY='wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' &&
    builtin export AWS_SESSION_TOKEN='IQoJb3JpZ2luX2VjEK//+token==' &&
    builtin export AWS_CREDENTIAL_EXPIRATION='2099-12-31T23:59:59Z' &&
    builtin export AWSMFA_PROFILE='default' &&
    builtin export AWSMFA_EXPIRES='4102444799' &&
    builtin export AWSMFA_SESSION='ASIAIOSFODNN7EXAMPLE:[ENTRY]' &&
    builtin export AWS_REGION='eu-west-1' &&
    builtin export AWS_DEFAULT_REGION='eu-west-1' &&
    builtin export AWSMFA_REGION='eu-west-1' &&
    builtin export AWS_VAULT='default';
    "#);
    assert_eq!(shell("zsh"), shell("bash"));
    assert_snapshot!(shell("sh"), @"
    command unset -v AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION AWS_PROFILE AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_VAULT &&
    command export AWS_ACCESS_KEY_ID='ASIAIOSFODNN7EXAMPLE' &&
    command export AWS_SECRET_ACCESS_KEY='wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' &&
    command export AWS_SESSION_TOKEN='IQoJb3JpZ2luX2VjEK//+token==' &&
    command export AWS_CREDENTIAL_EXPIRATION='2099-12-31T23:59:59Z' &&
    command export AWSMFA_PROFILE='default' &&
    command export AWSMFA_EXPIRES='4102444799' &&
    command export AWSMFA_SESSION='ASIAIOSFODNN7EXAMPLE:[ENTRY]' &&
    command export AWS_REGION='eu-west-1' &&
    command export AWS_DEFAULT_REGION='eu-west-1' &&
    command export AWSMFA_REGION='eu-west-1' &&
    command export AWS_VAULT='default';
    ");
    assert_snapshot!(shell("fish"), @"
    if set -qU AWS_SECURITY_TOKEN;
    or set -qU AWS_PROFILE;
    or set -qU AWS_DEFAULT_PROFILE;
    set -qU AWS_SECURITY_TOKEN;
    and echo 'awsmfa: AWS_SECURITY_TOKEN is a universal variable of fish and would come back' >&2;
    and echo 'hint: run set -eU AWS_SECURITY_TOKEN' >&2;
    set -qU AWS_PROFILE;
    and echo 'awsmfa: AWS_PROFILE is a universal variable of fish and would come back' >&2;
    and echo 'hint: run set -eU AWS_PROFILE' >&2;
    set -qU AWS_DEFAULT_PROFILE;
    and echo 'awsmfa: AWS_DEFAULT_PROFILE is a universal variable of fish and would come back' >&2;
    and echo 'hint: run set -eU AWS_DEFAULT_PROFILE' >&2;
    false;
    else;
    set -el AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION AWS_PROFILE AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_VAULT;
    set -ef AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION AWS_PROFILE AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_VAULT;
    set -eg AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_CREDENTIAL_EXPIRATION AWSMFA_PROFILE AWSMFA_EXPIRES AWSMFA_SESSION AWSMFA_REGION AWS_PROFILE AWS_DEFAULT_PROFILE AWS_REGION AWS_DEFAULT_REGION AWS_VAULT;
    set -gx AWS_ACCESS_KEY_ID 'ASIAIOSFODNN7EXAMPLE';
    set -gx AWS_SECRET_ACCESS_KEY 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    set -gx AWS_SESSION_TOKEN 'IQoJb3JpZ2luX2VjEK//+token==';
    set -gx AWS_CREDENTIAL_EXPIRATION '2099-12-31T23:59:59Z';
    set -gx AWSMFA_PROFILE 'default';
    set -gx AWSMFA_EXPIRES '4102444799';
    set -gx AWSMFA_SESSION 'ASIAIOSFODNN7EXAMPLE:[ENTRY]';
    set -gx AWS_REGION 'eu-west-1';
    set -gx AWS_DEFAULT_REGION 'eu-west-1';
    set -gx AWSMFA_REGION 'eu-west-1';
    set -gx AWS_VAULT 'default';
    true;
    end;
    ");
    assert_snapshot!(shell("powershell"), @"
    $env:AWS_ACCESS_KEY_ID = $null;
    $env:AWS_SECRET_ACCESS_KEY = $null;
    $env:AWS_SESSION_TOKEN = $null;
    $env:AWS_SECURITY_TOKEN = $null;
    $env:AWS_CREDENTIAL_EXPIRATION = $null;
    $env:AWSMFA_PROFILE = $null;
    $env:AWSMFA_EXPIRES = $null;
    $env:AWSMFA_SESSION = $null;
    $env:AWSMFA_REGION = $null;
    $env:AWS_PROFILE = $null;
    $env:AWS_DEFAULT_PROFILE = $null;
    $env:AWS_REGION = $null;
    $env:AWS_DEFAULT_REGION = $null;
    $env:AWS_VAULT = $null;
    $env:AWS_ACCESS_KEY_ID = 'ASIAIOSFODNN7EXAMPLE';
    $env:AWS_SECRET_ACCESS_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
    $env:AWS_SESSION_TOKEN = 'IQoJb3JpZ2luX2VjEK//+token==';
    $env:AWS_CREDENTIAL_EXPIRATION = '2099-12-31T23:59:59Z';
    $env:AWSMFA_PROFILE = 'default';
    $env:AWSMFA_EXPIRES = '4102444799';
    $env:AWSMFA_SESSION = 'ASIAIOSFODNN7EXAMPLE:[ENTRY]';
    $env:AWS_REGION = 'eu-west-1';
    $env:AWS_DEFAULT_REGION = 'eu-west-1';
    $env:AWSMFA_REGION = 'eu-west-1';
    $env:AWS_VAULT = 'default';
    ");
    assert_snapshot!(shell("cmd"), @r#"
    set "AWS_ACCESS_KEY_ID="
    set "AWS_SECRET_ACCESS_KEY="
    set "AWS_SESSION_TOKEN="
    set "AWS_SECURITY_TOKEN="
    set "AWS_CREDENTIAL_EXPIRATION="
    set "AWSMFA_PROFILE="
    set "AWSMFA_EXPIRES="
    set "AWSMFA_SESSION="
    set "AWSMFA_REGION="
    set "AWS_PROFILE="
    set "AWS_DEFAULT_PROFILE="
    set "AWS_REGION="
    set "AWS_DEFAULT_REGION="
    set "AWS_VAULT="
    set "AWS_ACCESS_KEY_ID=ASIAIOSFODNN7EXAMPLE"
    set "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    set "AWS_SESSION_TOKEN=IQoJb3JpZ2luX2VjEK//+token=="
    set "AWS_CREDENTIAL_EXPIRATION=2099-12-31T23:59:59Z"
    set "AWSMFA_PROFILE=default"
    set "AWSMFA_EXPIRES=4102444799"
    set "AWSMFA_SESSION=ASIAIOSFODNN7EXAMPLE:[ENTRY]"
    set "AWS_REGION=eu-west-1"
    set "AWS_DEFAULT_REGION=eu-west-1"
    set "AWSMFA_REGION=eu-west-1"
    set "AWS_VAULT=default"
    cmd /c exit 0
    "#);
}

#[test]
fn the_same_session_is_the_same_bytes() {
    for shell in ["bash", "zsh", "sh", "fish", "powershell", "cmd"] {
        let world = world();
        let (first, second) = (
            printed(&world, &["--shell", shell], ""),
            printed(&world, &["--shell", shell], ""),
        );
        assert_eq!(first, second, "{shell}");
    }
}

/// Unquoted `eval $(…)` and `iex "$(…)"` join lines by spaces; `iex (…)` fails on two lines (measured).
#[test]
fn no_text_depends_on_its_line_ends() {
    for shell in ["bash", "zsh", "sh", "fish", "powershell"] {
        let text = printed(&world(), &["--shell", shell], "");
        assert_eq!(text.lines().count(), 1, "{shell}: {text}");
        assert!(text.is_ascii() && !text.contains('#'), "{shell}: {text}");
        assert!(
            shell == "powershell" || text.ends_with(";\n"),
            "{shell}: {text}"
        );
    }
}
