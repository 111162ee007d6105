//! What is sealed opens as what it was, and as nothing else.

use std::fs;

use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

use super::*;

fn key(byte: u8) -> String {
    STANDARD.encode([byte; KEY])
}

fn acme() -> WorkspaceId {
    "acme".into()
}

proptest! {
    #[test]
    fn what_is_sealed_opens_as_what_it_was_and_as_nothing_else(text in ".*", flip in 0_usize..400) {
        let vault = Vault::new(&key(1)).unwrap();
        let secret = Secret::new(text);
        let sealed = vault.seal(&acme(), Field::AuthToken, &secret).unwrap();
        prop_assert_eq!(vault.open(&acme(), Field::AuthToken, &sealed).unwrap(), secret.clone());
        prop_assert!(vault.open(&"globex".into(), Field::AuthToken, &sealed).is_err());
        prop_assert!(vault.open(&acme(), Field::KeySecret, &sealed).is_err());
        prop_assert_ne!(&vault.seal(&acme(), Field::AuthToken, &secret).unwrap(), &sealed);
        let mut changed = sealed.into_bytes();
        let at = flip % changed.len();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        // The last letter of base64 may hold bits that mean nothing.
        prop_assume!(at + 1 < changed.len());
        prop_assert!(vault.open(&acme(), Field::AuthToken, &changed).is_err());
    }
}

#[test]
fn keys_are_changed_one_after_the_other() {
    let secret = Secret::new("token");
    let before = Vault::new(&key(1)).unwrap().seal(&acme(), Field::AuthToken, &secret).unwrap();
    let both = Vault::new(&format!("{}, {}", key(2), key(1))).unwrap();
    assert_eq!(both.open(&acme(), Field::AuthToken, &before).unwrap(), secret);
    let after = both.seal(&acme(), Field::AuthToken, &secret).unwrap();
    let new = Vault::new(&key(2)).unwrap();
    assert_eq!(new.open(&acme(), Field::AuthToken, &after).unwrap(), secret);
    assert!(matches!(new.open(&acme(), Field::AuthToken, &before), Err(VaultError::UnknownKey(_))));
}

#[test]
fn what_is_no_key_is_refused() {
    for wrong in ["", "short", &STANDARD.encode([1; 31]), &format!("{},x", key(1))] {
        assert!(Vault::new(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_key_file_is_made_once_and_only_its_owner_reads_it() {
    let folder = std::env::temp_dir().join(format!("switchyard-vault-{:016x}", rand::random::<u64>()));
    let file = folder.join("secret.key");
    assert!(matches!(Vault::open_at(None, &file), Err(VaultError::NoFile(_))) && !file.exists());
    let first = Vault::made_at(&file).unwrap();
    let sealed = first.seal(&acme(), Field::KeySecret, &Secret::new("secret")).unwrap();
    let second = Vault::made_at(&file).unwrap();
    assert_eq!(second.open(&acme(), Field::KeySecret, &sealed).unwrap().expose(), "secret");

    // A key that another process adds is found when it is needed.
    let begun = second.add_key().unwrap();
    assert!(matches!(first.add_key(), Err(VaultError::Busy)), "one after the other");
    let anew = second.seal(&acme(), Field::KeySecret, &Secret::new("secret")).unwrap();
    assert_eq!(first.open(&acme(), Field::KeySecret, &anew).unwrap().expose(), "secret");
    second.drop_old_keys(begun).unwrap();
    first.add_key().unwrap();
    let later = first.seal(&acme(), Field::KeySecret, &Secret::new("secret")).unwrap();
    assert!(second.open(&acme(), Field::KeySecret, &later).is_ok(), "nobody seals with a key that is gone");
    assert!(Vault::open_at(None, &file).unwrap().open(&acme(), Field::KeySecret, &sealed).is_err());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(Vault::open_at(None, &file), Err(VaultError::Open(_))));
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_key_that_the_environment_gives_is_changed_there_first() {
    assert!(matches!(Vault::new(&key(1)).unwrap().add_key(), Err(VaultError::OneKey)));
    assert!(Vault::new(&format!("{},{}", key(2), key(1))).unwrap().add_key().is_ok());
}

#[test]
fn nothing_shows_a_secret() {
    let vault = Vault::new(&key(1)).unwrap();
    let shown = format!("{:?} {vault:?}", Secret::new("hidden"));
    assert!(!shown.contains("hidden") && !shown.contains(&key(1)), "{shown}");
}
