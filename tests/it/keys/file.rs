//! The passphrase file: for machines without a desktop.

use std::fs;

use super::{NEW, PASSPHRASE, alice, files_with, forget_passphrase, import, one_code_and, typed};
use crate::support::World;
use crate::support::pty::Terminal;
use crate::support::shells::installed;
use crate::support::stored::forget_key;

fn secret(world: &World) -> String {
    world.user().secret_access_key.clone()
}

#[test]
fn an_imported_key_is_in_no_file_and_works_and_comes_back_to_the_byte() {
    let world = alice();
    let before = world.read(".aws/credentials");
    import(&world);
    assert_eq!(files_with(&world, &secret(&world)), [""; 0]);
    assert_eq!(world.read(".aws/credentials"), "[default]\n");
    let session = world.session_for_a_code(&[]);
    assert_eq!(world.session(&["--no-input"]), session);
    let told = world.awsmfa(["keys", "list"]).any_stdout().run().stdout;
    let id = &world.user().access_key_id;
    assert!(
        told.starts_with(&format!("default  {id}  the passphrase file, for ")),
        "{told}"
    );

    let out = world.awsmfa(["keys", "export", "--no-input"]).any_stderr();
    assert!(out.run().stderr.contains("in plain text"));
    assert_eq!(world.read(".aws/credentials"), before);
    assert!(!world.state().join("keys.age").exists());
}

/// `age -d` and nothing of ours.
#[test]
fn the_age_tool_opens_the_file() {
    if !installed("age", true) {
        return;
    }
    let world = alice();
    import(&world);
    let file = world.state().join("keys.age");
    let line = format!("age -d -o plain {}", file.display());
    let mut terminal = Terminal::start(&world, "sh", &["-c", &line]);
    terminal.wait_for("Enter passphrase");
    terminal.enter(PASSPHRASE);
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert_eq!(world.read("work/plain"), world.keys("default"));
}

/// One passphrase, one code; and without anybody to ask no code is spent.
#[test]
fn after_a_reboot_the_passphrase_is_asked_for_once() {
    if !installed("keyctl", true) {
        return;
    }
    let world = alice();
    import(&world);
    forget_passphrase(&world);
    let calls = world.sts().calls().len();
    let code = world.code();
    let refused = world.env_json(&["--no-input", "-t", &code]).any_stderr();
    let refused = refused.status(5).run();
    assert!(
        refused.stderr.contains("the passphrase file is locked"),
        "{}",
        refused.stderr
    );
    assert_eq!(world.sts().calls().len(), calls, "AWS was asked");

    let mut terminal = Terminal::start(&world, "sh", &["-c", "awsmfa env --format json >session"]);
    terminal.wait_for("passphrase for ");
    terminal.enter("wrong");
    terminal.wait_for("the passphrase is wrong");
    terminal.enter(PASSPHRASE);
    terminal.wait_for("MFA code");
    terminal.enter(&code);
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    // Another session is asked for: the passphrase rests, the code is new.
    world.session_for_a_code(&["--refresh", "--no-input"]);
}

/// The kernel has forgotten the key of the file and that of the store: one unlock, one code, and then nothing.
#[test]
fn after_a_reboot_it_is_one_passphrase_and_one_code() {
    if !installed("keyctl", true) {
        return;
    }
    let world = alice();
    import(&world);
    world.session_for_a_code(&[]);
    forget_passphrase(&world);
    forget_key(world.state().to_str().unwrap());
    one_code_and(&world, &[("passphrase for ", PASSPHRASE)]);
}

#[test]
fn three_wrong_passphrases_are_the_end() {
    if !installed("keyctl", true) {
        return;
    }
    let world = alice();
    import(&world);
    forget_passphrase(&world);
    let wrong = [
        ("passphrase for ", "x1"),
        ("passphrase for ", "x2"),
        ("passphrase for ", "x3"),
    ];
    let (status, text) = typed(&world, &["keys", "export"], &wrong);
    assert_eq!(status, 1, "{text}");
    assert!(
        text.contains("the passphrase was wrong three times"),
        "{text}"
    );
    assert_eq!(world.read(".aws/credentials"), "[default]\n");
}

#[test]
fn a_key_that_aws_refuses_stays_where_it_is() {
    let world = alice();
    let wrong = world.keys("default").replace("alice/", "ecila/");
    let world = world.credentials(&wrong);
    let (status, text) = typed(&world, &["keys", "import"], &NEW);
    assert_eq!(status, 3, "{text}");
    assert_eq!(world.read(".aws/credentials"), wrong);
    assert!(!world.state().join("keys.age").exists(), "{text}");
    let told = world.awsmfa(["keys", "list"]).any_stdout().run().stdout;
    assert!(told.contains("in plain text"), "{told}");
}

#[test]
fn a_key_in_both_places_is_an_error_that_names_the_two_commands() {
    let world = alice();
    import(&world);
    let world = world.credentials("");
    let keys = world.keys("default");
    let world = world.credentials(&keys);
    let code = world.code();
    let refused = world.env_json(&["-t", &code]).any_stderr().status(1).run();
    for command in ["awsmfa keys import default", "awsmfa keys remove default"] {
        assert!(refused.stderr.contains(command), "{}", refused.stderr);
    }
    world
        .awsmfa(["keys", "import", "--no-input"])
        .any_stderr()
        .run();
    assert_eq!(world.read(".aws/credentials"), "[default]\n");
    world.session(&["-t", &code]);
}

/// Another key than the one in the key store: neither is lost.
#[test]
fn over_another_key_nothing_is_imported() {
    let world = alice();
    import(&world);
    let bob = world.sts().user("bob");
    let other = format!(
        "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n",
        bob.access_key_id, bob.secret_access_key
    );
    let world = world.credentials(&other);
    let refused = world.awsmfa(["keys", "import", "--no-input"]).any_stderr();
    let refused = refused.status(1).run();
    assert!(refused.stderr.contains("already"), "{}", refused.stderr);
    assert_eq!(world.read(".aws/credentials"), other);
    let world = world.credentials("[default]\n");
    world.session_for_a_code(&[]);
}

#[test]
fn two_profiles_that_share_a_key_are_imported_one_after_the_other() {
    let world = alice();
    let both = world.keys("default") + &world.keys("dev");
    let world = world.credentials(&both);
    let (status, text) = typed(&world, &["keys", "import"], &NEW);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("awsmfa keys import dev"), "{text}");
    world
        .awsmfa(["keys", "import", "dev", "--no-input"])
        .any_stderr()
        .run();
    assert_eq!(files_with(&world, &secret(&world)), [""; 0]);
    // The one that goes takes nothing away from the other.
    world
        .awsmfa(["keys", "remove", "--no-input"])
        .any_stderr()
        .run();
    let serial = world.user().mfa_serial.clone();
    let code = world.code();
    world.session(&["dev", "--serial-number", &serial, "-t", &code]);
    let refused = world
        .awsmfa(["keys", "remove", "dev", "--no-input"])
        .any_stderr();
    let refused = refused.status(5).run();
    assert!(refused.stderr.contains("only copy"), "{}", refused.stderr);
}

#[test]
fn a_key_in_both_files_is_moved_from_both_or_from_none() {
    let world = alice();
    let config = world.read(".aws/config");
    let world =
        world.config(config.clone() + "aws_secret_access_key = another/secret+of40characters\n");
    let before = world.read(".aws/config");
    let refused = world.awsmfa(["keys", "import", "--no-input"]).any_stderr();
    let refused = refused.status(1).run();
    assert!(
        refused.stderr.contains("/.aws/config:3"),
        "{}",
        refused.stderr
    );
    assert_eq!(world.read(".aws/config"), before);
    let line = format!("aws_secret_access_key = {}\n", secret(&world));
    let world = world.config(config.clone() + &line);
    import(&world);
    assert_eq!(world.read(".aws/config"), config);
    assert_eq!(world.read(".aws/credentials"), "[default]\n");
    world
        .awsmfa(["keys", "export", "--no-input"])
        .any_stderr()
        .run();
    assert_eq!(world.read(".aws/config"), config + &line);
    assert_eq!(world.read(".aws/credentials"), world.keys("default"));
}

/// As aws-vault's `export --no-session` gives it.
#[test]
fn what_a_credential_process_gives_is_taken_over() {
    let world = alice();
    let user = world.user();
    let json = format!(
        r#"{{"Version":1,"AccessKeyId":"{}","SecretAccessKey":"{}"}}"#,
        user.access_key_id, user.secret_access_key
    );
    let config = world.read(".aws/config");
    let home = world.path("");
    let process = format!("credential_process = cat {}/vault.json\n", home.display());
    let world = world.file("vault.json", json).credentials("");
    let world = world.config(config.clone() + &process + "region = eu-west-1\n");
    import(&world);
    assert_eq!(world.read(".aws/config"), config + "region = eu-west-1\n");
    fs::remove_file(world.path("vault.json")).unwrap();
    world.session_for_a_code(&[]);
}

#[test]
fn a_typed_key_is_shown_nowhere() {
    let world = alice().credentials("");
    let (id, secret) = (&world.user().access_key_id, secret(&world));
    let answers = [
        ("access key id for profile dev: ", id.as_str()),
        ("its secret access key: ", &secret),
        NEW[0],
        NEW[1],
    ];
    let mut terminal = Terminal::start(
        &world,
        crate::support::world::AWSMFA,
        &["keys", "add", "dev"],
    );
    for (question, answer) in answers {
        terminal.wait_for(question);
        terminal.enter(answer);
    }
    assert_eq!(terminal.status(), 0, "{}", terminal.text());
    assert!(!terminal.text().contains(&secret), "{}", terminal.text());
    assert!(world.read(".aws/config").contains("[profile dev]"));
    let code = world.code();
    let serial = world.user().mfa_serial.clone();
    world.session(&["dev", "--serial-number", &serial, "-t", &code]);
}

#[test]
fn a_place_that_is_none_and_a_place_that_is_not_there_are_errors() {
    let world = World::alice().env("AWSMFA_KEYS", "safe");
    let refused = world
        .awsmfa(["keys", "import"])
        .any_stderr()
        .status(1)
        .run();
    assert!(
        refused.stderr.contains("secret-service, file"),
        "{}",
        refused.stderr
    );
    let world = world.env("AWSMFA_KEYS", "secret-service");
    let refused = world
        .awsmfa(["keys", "import"])
        .any_stderr()
        .status(1)
        .run();
    assert!(
        refused.stderr.contains("there is no session bus"),
        "{}",
        refused.stderr
    );
    assert_eq!(world.read(".aws/credentials"), world.keys("default"));
}
