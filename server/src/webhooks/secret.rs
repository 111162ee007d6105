//! Secrets of endpoints, and signatures with them (Standard Webhooks 1.0: "Signature scheme", "Secret format").

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use switchyard::{
    audit::Deed,
    id::WorkspaceId,
    time::Timestamp,
    webhooks::{OVERLAP_SECS, Secrets},
};

use super::address::host;
use crate::{
    twilio::setup::{Setup, SetupError, resealed as resealed_by},
    vault::{Field, Secret, Vault, VaultError},
};

/// What secrets begin with, so that whoever finds one knows what it is.
const PREFIX: &str = "whsec_";
/// Random bytes in one: the specification asks for 24 to 64.
const BYTES: usize = 32;

/// A new secret, as it is shown once.
pub(super) fn make() -> Secret {
    Secret::new(format!("{PREFIX}{}", STANDARD.encode(rand::random::<[u8; BYTES]>())))
}

/// The signature of a message that is sent at `at`, in seconds since 1970. `None` when the secret is none.
pub(super) fn sign(secret: &Secret, id: &str, at: i64, body: &str) -> Option<String> {
    let key = STANDARD.decode(secret.expose().strip_prefix(PREFIX)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    for part in [id, ".", &at.to_string(), ".", body] {
        mac.update(part.as_bytes());
    }
    Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// The signatures of a message that is sent at `at`: with the secret, and for a while with the one before, too.
///
/// # Errors
/// The secret cannot be opened.
pub(super) fn signatures(
    vault: &Vault,
    workspace: &WorkspaceId,
    secrets: &Secrets,
    id: &str,
    at: Timestamp,
    body: &str,
) -> Result<String, VaultError> {
    let before = secrets.before.as_ref().filter(|(_, until)| at < *until).map(|(before, _)| before);
    let signed = [Some(&secrets.now), before].into_iter().flatten().map(|sealed| {
        let secret = vault.open(workspace, Field::WebhookSecret, sealed)?;
        sign(&secret, id, at.0.div_euclid(1000), body).ok_or(VaultError::Broken)
    });
    Ok(signed.collect::<Result<Vec<_>, _>>()?.join(" "))
}

/// Secrets with a new one, after which the one that counted does so for a day more. One that cannot be opened signs nothing:
/// it is not kept, or nothing could be signed for a day.
///
/// # Errors
/// It cannot be sealed.
pub(super) fn renewed(
    vault: &Vault,
    workspace: &WorkspaceId,
    known: &Secrets,
    now: Timestamp,
) -> Result<(Secret, Secrets), VaultError> {
    let secret = make();
    let sealed = vault.seal(workspace, Field::WebhookSecret, &secret)?;
    let opens = vault.open(workspace, Field::WebhookSecret, &known.now).is_ok();
    let before = opens.then(|| (known.now.clone(), now.plus_secs(OVERLAP_SECS)));
    Ok((secret, Secrets { now: sealed, before }))
}

/// The same secrets, sealed with the key that seals now. The one before is kept only where it still counts and can be opened.
///
/// # Errors
/// The one that counts cannot be opened, or sealed.
fn resealed(vault: &Vault, workspace: &WorkspaceId, known: &Secrets, now: Timestamp) -> Result<Secrets, VaultError> {
    let anew = |sealed: &str| {
        vault.seal(workspace, Field::WebhookSecret, &vault.open(workspace, Field::WebhookSecret, sealed)?)
    };
    let before = known.before.as_ref().filter(|(_, until)| now < *until);
    let before = before.and_then(|(before, until)| Some((anew(before).ok()?, *until)));
    Ok(Secrets { now: anew(&known.now)?, before })
}

/// Seals every secret of every endpoint anew, with the key that seals now. Answers how many endpoints there were.
///
/// # Errors
/// The database failed, or a secret that counts cannot be opened.
pub async fn reseal(setup: &Setup) -> Result<usize, SetupError> {
    let (vault, all) = (&setup.tenants.vault, setup.store.every_endpoint().await?);
    for (workspace, endpoint) in &all {
        // A secret that is made anew meanwhile keeps the one before as it was sealed.
        while let Some(known) = setup.store.endpoint(workspace, &endpoint.id).await?.map(|endpoint| endpoint.secrets) {
            let new = resealed(vault, workspace, &known, setup.clock.now())?;
            if setup.store.put_secrets(workspace, &endpoint.id, &known, &new).await? {
                let change = resealed_by(&known.now, &new.now);
                setup.done(workspace, Deed::SecretsResealed, &host(&endpoint.url), vec![change]).await;
                break;
            }
        }
    }
    Ok(all.len())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_the_specification() {
        // The example of the reference implementations (standard-webhooks/standard-webhooks, libraries/*/tests).
        let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let body = "{\"test\": 2432232314}";
        assert_eq!(
            sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body).as_deref(),
            Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );
        assert_eq!(sign(&Secret::new("no secret"), "msg", 1, body), None);
    }

    #[test]
    fn for_a_day_both_secrets_sign() {
        let vault = Vault::new("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap();
        let (salon, now) = (WorkspaceId::from("salon"), Timestamp(1_000_000));
        let first = make();
        assert!(first.expose().starts_with("whsec_") && first != make());
        let known = Secrets { now: vault.seal(&salon, Field::WebhookSecret, &first).unwrap(), before: None };
        let (second, both) = renewed(&vault, &salon, &known, now).unwrap();
        let signed = |secrets: &Secrets, at| signatures(&vault, &salon, secrets, "msg", at, "{}").unwrap();
        let alone = |secret: &Secret, at: Timestamp| sign(secret, "msg", at.0 / 1000, "{}").unwrap();
        assert_eq!(signed(&known, now), alone(&first, now));
        assert_eq!(signed(&both, now), format!("{} {}", alone(&second, now), alone(&first, now)));
        let later = now.plus_secs(24 * 60 * 60);
        assert_eq!(signed(&both, later), alone(&second, later));
        assert!(signatures(&vault, &"barber".into(), &known, "msg", now, "{}").is_err(), "sealed for its workspace");
    }

    #[test]
    fn one_that_cannot_be_opened_is_not_kept() {
        let vault = |key: u8| Vault::new(&STANDARD.encode([key; 32])).unwrap();
        let (lost, vault) = (vault(1), vault(2));
        let (salon, now) = (WorkspaceId::from("salon"), Timestamp(1_000_000));
        let sealed = |vault: &Vault| vault.seal(&salon, Field::WebhookSecret, &make()).unwrap();
        let known = Secrets { now: sealed(&lost), before: None };
        let (secret, alone) = renewed(&vault, &salon, &known, now).unwrap();
        assert_eq!(alone.before, None);
        let signed = signatures(&vault, &salon, &alone, "msg", now, "{}").unwrap();
        assert_eq!(Some(signed), sign(&secret, "msg", now.0 / 1000, "{}"), "messages are signed at once");

        let until = now.plus_secs(10);
        let before = |sealed: String| Secrets { before: Some((sealed, until)), ..alone.clone() };
        let anew = |known: &Secrets, at| resealed(&vault, &salon, known, at).unwrap();
        assert_eq!(anew(&before(sealed(&lost)), now).before, None);
        let both = before(sealed(&vault));
        assert_eq!(anew(&both, until).before, None, "it counts no more");
        let kept = anew(&both, now);
        assert!(kept.now != both.now && kept.before.as_ref().is_some_and(|(_, kept)| *kept == until));
        let signed = |secrets: &Secrets| signatures(&vault, &salon, secrets, "msg", now, "{}").unwrap();
        assert_eq!(signed(&kept), signed(&both));
        assert!(resealed(&vault, &salon, &known, now).is_err(), "the one that counts is not dropped");
    }
}
