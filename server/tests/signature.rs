//! Our signatures against those that Twilio's own libraries made, in `data/signature_vectors.json`.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use serde_json::Value;
use server::twilio::signature::SigningKey;

fn form(params: &Value) -> Vec<(String, String)> {
    let mut form = Vec::new();
    for (name, value) in params.as_object().into_iter().flatten() {
        match value {
            Value::Array(values) => form.extend(values.iter().map(|v| (name.clone(), v.as_str().unwrap().to_owned()))),
            value => form.push((name.clone(), value.as_str().unwrap().to_owned())),
        }
    }
    form
}

#[test]
fn twilio_signs_as_we_do() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("data/signature_vectors.json")).unwrap();
    assert!(vectors.len() > 10);
    for vector in vectors {
        let text = |field: &str| vector[field].as_str().unwrap();
        let key = SigningKey::new(text("token"));
        let mut form = form(&vector["params"]);
        assert_eq!(key.sign(text("url"), &form), text("signature"), "{}", text("name"));
        // The order in which the fields arrive does not matter.
        form.reverse();
        assert!(key.verifies(text("url"), &form, text("signature")), "{}", text("name"));
        assert!(!key.verifies(&format!("{}x", text("url")), &form, text("signature")));
        assert!(!SigningKey::new("another").verifies(text("url"), &form, text("signature")));
    }
}
