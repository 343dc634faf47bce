//! Nobody can be asked: what is said names what would have been asked, and the way out of it works.

use super::{NEW, alice, forget_passphrase, import, typed};
use crate::support::World;
use crate::support::process::finish;
use crate::support::pty::Terminal;
use crate::support::shells::installed;

/// What a run says that has no terminal, and exit 5.
#[track_caller]
fn refused(world: &World, args: &[&str]) -> String {
    let mut command = world.command("setsid");
    command.args(["-w", "awsmfa"]).args(args);
    let ran = finish(&mut command, "");
    assert_eq!(ran.status, 5, "{}", ran.stderr);
    ran.stderr
}

#[test]
fn no_question_of_keys_is_said_to_be_about_a_code() {
    if !installed("setsid", true) {
        return;
    }
    let world = alice();
    assert_eq!(
        refused(&world, &["keys", "import"]),
        "awsmfa: the passphrase file is new and wants a passphrase, and nobody can be asked: there is no terminal\n\
         hint: run it again on a terminal\n"
    );
    assert_eq!(
        refused(&world, &["keys", "import", "--no-input"]),
        "awsmfa: the passphrase file is new and wants a passphrase, and nobody can be asked: --no-input forbids it\n\
         hint: run it again on a terminal, without --no-input\n"
    );
    assert_eq!(
        refused(&world, &["keys", "add", "dev"]),
        "awsmfa: the access key of profile dev is typed, and nobody can be asked: there is no terminal\n\
         hint: run it again on a terminal\n"
    );
    import(&world);
    let id = &world.user().access_key_id;
    assert_eq!(
        refused(&world, &["keys", "remove"]),
        format!(
            "awsmfa: the passphrase file holds the only copy of the access key {id} that awsmfa knows, and nobody can \
             be asked: there is no terminal\n\
             hint: run awsmfa keys export default first, or awsmfa keys remove default on a terminal\n"
        )
    );
}

#[test]
fn a_key_that_has_a_copy_is_removed_unasked_where_the_hint_says_so() {
    if !installed("setsid", true) {
        return;
    }
    let world = alice();
    let credentials = world.read(".aws/credentials");
    import(&world);
    let world = world.credentials(credentials);
    assert_eq!(
        refused(&world, &["keys", "remove"]),
        "awsmfa: awsmfa asks before it forgets the access key of profile default, and nobody can be asked: there is no terminal\n\
         hint: run it again on a terminal, or add --no-input: another copy of the key stays\n"
    );
    let removed = world.awsmfa(["keys", "remove", "--no-input"]).any_stderr();
    removed.run();
}

/// `env` gives a stored session without any key: the same command is what opens the file.
#[test]
fn a_locked_file_is_opened_by_what_the_hint_says() {
    if !installed("setsid", true) || !installed("keyctl", true) {
        return;
    }
    let world = alice();
    import(&world);
    world.session_for_a_code(&[]);
    forget_passphrase(&world);
    let told = refused(&world, &["keys", "export"]);
    assert_eq!(
        told,
        "awsmfa: the passphrase file is locked and nobody can be asked: there is no terminal\n\
         hint: run it again on a terminal: the passphrase is not asked for again for a day\n"
    );
    let (status, text) = typed(
        &world,
        &["keys", "export"],
        &[("passphrase for ", NEW[0].1)],
    );
    assert_eq!(status, 0, "{text}");
}

#[test]
fn a_wrong_passphrase_does_not_send_the_user_to_another_place() {
    if !installed("keyctl", true) {
        return;
    }
    let world = alice();
    import(&world);
    forget_passphrase(&world);
    let mut terminal = Terminal::start(&world, "sh", &["-c", "awsmfa keys export"]);
    for _ in 0..3 {
        terminal.wait_for("passphrase for ");
        terminal.enter("wrong");
    }
    let (status, text) = terminal.ended();
    assert_eq!(status, 1, "{text}");
    assert!(
        text.contains("hint: look at keys.age in the folder of the stored sessions"),
        "{text}"
    );
}
