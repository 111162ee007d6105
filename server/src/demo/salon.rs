//! Who and what the demo's salon is. Names and numbers are invented.

use switchyard::{
    agent::{Presence, Profile, Role},
    id::AgentId,
    numbers::Number,
};

/// The salon's id.
pub const WORKSPACE: &str = "salon";
/// What it is called.
pub(super) const NAME: &str = "Salon Aurora";
/// Its account at the carrier.
pub(super) const ACCOUNT: &str = "AC5a10a0000000000000000000000000de";
/// Its API key.
pub(super) const API_KEY: &str = "SK5a10a0000000000000000000000000de";
/// Whom it calls.
pub(super) const COUNTRIES: &str = "RO MD US";
/// What all demo accounts sign in with.
pub(super) const PASSWORD: &str = "aurora-demo";

const PEOPLE: [(&str, &str, &str, Role); 7] = [
    ("ana", "Ana Popescu", "101", Role::Agent),
    ("mihai", "Mihai Ionescu", "102", Role::Agent),
    ("elena", "Elena Radu", "103", Role::Agent),
    ("andrei", "Andrei Stan", "104", Role::Agent),
    ("ioana", "Ioana Marin", "105", Role::Agent),
    ("radu", "Radu Dobre", "106", Role::Agent),
    ("cristina", "Cristina Neagu", "100", Role::Owner),
];

/// People who call now and then.
pub(super) const CONTACTS: [(&str, &str); 8] = [
    ("+40722111222", "Maria Enache"),
    ("+40723456789", "George Pavel"),
    ("+40744100200", "Sofia Lazăr"),
    ("+40745987654", "Victor Munteanu"),
    ("+40731222333", "Irina Toma"),
    ("+40755667788", "Daniel Ștefan"),
    ("+40766001122", "Carmen Oprea"),
    ("+37369123456", "Natalia Rusu"),
];

/// The salon's numbers.
pub(super) fn numbers() -> Vec<Number> {
    [("+40312345678", "Bookings"), ("+40312345679", "Front desk")]
        .map(|(number, label)| Number::named(number, label))
        .into()
}

/// Everyone, with the address that they sign in with.
pub(super) fn people() -> impl Iterator<Item = (Profile, String)> {
    PEOPLE.into_iter().map(|(id, name, extension, role)| {
        let profile = Profile { id: AgentId::from(id), name: name.into(), extension: extension.into(), role };
        (profile, format!("{id}@aurora.example"))
    })
}

/// What they are doing when the salon opens.
pub(super) fn first_presence(agent: &AgentId) -> Presence {
    match agent.as_str() {
        "cristina" | "ioana" => Presence::Away,
        "radu" => Presence::Offline,
        _ => Presence::Available,
    }
}
