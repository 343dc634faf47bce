//! What nushell alone has: the hook is a file that it loads by itself, and brings the completion; what goes
//! becomes null.
#![cfg(unix)]
use crate::support::World;
use crate::support::hooked::{Hooked, two_accounts};
use crate::support::pty::Terminal;
use crate::support::shells::{Shell, named};

/// The line of the README, as a person types it.
const INSTALL: &str = "mkdir ($nu.data-dir)/vendor/autoload; \
    awsmfa hook nushell | save -f ($nu.data-dir)/vendor/autoload/awsmfa.nu";

/// A shell of somebody who has run it.
#[track_caller]
fn installed(world: &World, shell: Shell) -> Hooked<'_> {
    Terminal::shell(world, shell).run(INSTALL);
    Hooked::without_hook(world, shell)
}

#[test]
fn the_file_is_loaded_by_itself_and_leaves_the_users_hooks_alone() {
    let Some(shell) = named("nushell") else {
        return;
    };
    // Loaded after ours, as direnv's is: a switch that it makes is followed at the same prompt.
    let later = "$env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt | append {|| \
        if $env.WANTED? != null { $env.AWS_PROFILE = $env.WANTED } })\n";
    let world = two_accounts().file(".local/share/nushell/vendor/autoload/direnv.nu", later);
    let (a, b) = (world.log_in("a"), world.log_in("b"));
    let mut hooked = installed(&world, shell);
    hooked.run("awsmfa use a");
    hooked.assert_holds(&a, "a");
    hooked.run("$env.WANTED = 'b'");
    hooked.assert_holds(&b, "b");
    let ran = hooked.run("print $'hooks: ($env.config.hooks.pre_prompt | length)'");
    assert!(ran.contains("\nhooks: 2\n"), "{ran}");
}

#[test]
fn what_goes_is_null_and_stays_away_in_every_scope() {
    let Some(shell) = named("nushell") else {
        return;
    };
    let world = two_accounts().env("AWS_SECURITY_TOKEN", "inherited");
    world.log_in("a");
    let mut hooked = installed(&world, shell);
    hooked.run("$env.AWS_PROFILE = 'a'; do --env { awsmfa use }");
    for name in ["AWS_PROFILE", "AWS_SECURITY_TOKEN"] {
        let ran = hooked.run(&format!("print $'it is ($env.{name}? | describe)'"));
        assert!(ran.contains("\nit is nothing\n"), "{name}: {ran}");
        assert!(!hooked.exported().contains_key(name), "{name}");
    }
}

#[test]
fn what_is_piped_in_and_out_goes_through_the_function() {
    let Some(shell) = named("nushell") else {
        return;
    };
    let world = two_accounts();
    let mut hooked = installed(&world, shell);
    let code = world.code();
    let ran = hooked.run(&format!(
        "let ran = ('{code}' | awsmfa env a -t - --format json | from json); print $'got ($ran.Credentials | columns | first)'"
    ));
    assert!(ran.contains("\ngot AccessKeyId\n"), "{ran}");
    let ran = hooked.run("awsmfa exec a -- printf '(%s)' --flag 'a b'");
    assert!(ran.contains("(--flag)(a b)"), "{ran}");
}

#[test]
fn tab_offers_the_profiles() {
    let Some(shell) = named("nushell") else {
        return;
    };
    let world = World::new().config("[default]\n[profile marmalade]\n");
    let mut hooked = installed(&world, shell);
    hooked.terminal.send("awsmfa use marm\t");
    hooked.terminal.wait_for("marmalade");
}
