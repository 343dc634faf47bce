use super::*;

#[test]
fn what_is_sealed_opens_with_the_passphrase_and_with_the_files_key_and_with_no_other() {
    let sealed = Sealed::new("correct horse").unwrap();
    let file = sealed.seal(b"secret").unwrap();
    let (opened, text) = Sealed::open(&file, "correct horse").unwrap();
    assert_eq!(&**text, b"secret");
    let again = opened.seal(b"another").unwrap();
    let (_, text) = Sealed::open_with(&again, sealed.key()).unwrap();
    assert_eq!(&**text, b"another");
    assert!(matches!(
        Sealed::open(&file, "wrong"),
        Err(Unopened::WrongPassphrase)
    ));
    assert!(Sealed::open_with(&file, &FileKey::default()).is_err());
}

#[test]
fn no_byte_of_it_can_be_changed() {
    let sealed = Sealed::new("p").unwrap();
    let file = sealed.seal(b"secret").unwrap();
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert!(
            Sealed::open_with(&changed, sealed.key()).is_err(),
            "byte {at}"
        );
        assert!(
            Sealed::open_with(&file[..at], sealed.key()).is_err(),
            "{at} bytes"
        );
    }
}
