//! What a page may load and do (W3C: Content Security Policy Level 3): our own files, the scripts that this answer itself
//! carries, WebAssembly, and the sockets of the softphone.

use axum::http::{HeaderValue, header::CONTENT_SECURITY_POLICY};
use leptos::{nonce::use_nonce, prelude::use_context};
use leptos_axum::ResponseOptions;

use crate::api::visit::Visit;

/// Sends the policy with the page that is being rendered. Its nonce is made for this answer alone.
pub(crate) fn send() {
    let (Some(response), Some(nonce), Some(visit)) =
        (use_context::<ResponseOptions>(), use_nonce(), use_context::<Visit>())
    else {
        return;
    };
    if let Ok(policy) = HeaderValue::from_str(&policy(&nonce, &visit.sockets)) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
}

/// `sockets` are the addresses besides ours that scripts may reach.
fn policy(nonce: &str, sockets: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         media-src 'self'; font-src 'self'; manifest-src 'self'; connect-src 'self' {sockets}; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

#[cfg(test)]
mod tests {
    use super::policy;

    #[test]
    fn nothing_is_allowed_that_is_not_named() {
        let policy = policy("abc", "wss://edge.example");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' 'nonce-abc' 'wasm-unsafe-eval'; "),
            "{policy}"
        );
        assert!(policy.contains("connect-src 'self' wss://edge.example; "));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'") && !policy.contains('*'));
    }
}
