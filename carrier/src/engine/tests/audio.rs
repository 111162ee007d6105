//! Who hears whom.

use proptest::prelude::*;

use super::{super::*, town::*};

/// What a leg hears, in words: other legs by label, and sounds.
fn hears(town: &Town, sid: &str) -> Vec<String> {
    let audio = town.engine.audio();
    let me = audio.lines.iter().position(|line| line.call == sid).expect("a live leg");
    let name = |place: usize| {
        let call = town.engine.calls.get(&audio.lines[place].call).expect("a call");
        town.engine.member_of(call).and_then(|member| member.label.clone()).unwrap_or_else(|| call.from.clone())
    };
    let line = &audio.lines[me];
    let room = line.hears.room.map(|room| &audio.rooms[room]).into_iter().flatten();
    let mut all: Vec<String> =
        room.chain(&line.hears.whispers).filter(|place| **place != me).map(|place| name(*place)).collect();
    all.extend(line.hears.pieces.iter().map(|piece| match &piece.sound {
        Sound::Say { text, .. } => format!("say {text}"),
        Sound::Play { url, .. } => format!("play {url}"),
        Sound::Keys { digits, .. } => format!("keys {digits}"),
        Sound::Music => "music".to_owned(),
        Sound::Ringback => "ringback".to_owned(),
        Sound::Busy => "busy".to_owned(),
        Sound::Beep => "beep".to_owned(),
    }));
    all.sort();
    all
}

/// A caller in a conference by TwiML, and `count` agents in it.
fn conference(attributes: &str, count: usize) -> (Town, String, Vec<String>) {
    let mut town = Town::new(&room("room", &format!(r#"participantLabel="caller" {attributes}"#)));
    let caller = town.call();
    let agents = (0..count).map(|index| {
        let identity = format!("agent{index}");
        town.client(&identity, Answers::AfterMs);
        town.add("room", &format!("client:{identity}"), Some(&identity)).expect("a participant")
    });
    let agents: Vec<String> = agents.collect();
    town.wait(200);
    (town, caller, agents)
}

fn change(town: &mut Town, key: &str, update: MemberUpdate) {
    town.change("room", key, update).expect("a participant");
}

#[test]
fn whoever_waits_alone_hears_the_music_of_the_wait_url() {
    let waits = |attributes: &str| {
        let mut town = Town::new(&room("room", attributes));
        town.page("http://app/wait", "<Play>song.mp3</Play><Say>soon</Say><Redirect/>");
        let caller = town.call();
        let first = hears(&town, &caller);
        town.wait(5_000);
        (first, hears(&town, &caller))
    };
    let words = |one: &str| vec![one.to_owned()];
    assert_eq!(waits(r#"waitUrl="/wait""#), (words("play http://app/song.mp3"), words("say soon")));
    assert_eq!(waits(r#"waitUrl="""#), (Vec::new(), Vec::new()));
    assert_eq!(waits(""), (words("music"), words("music")));
}

#[test]
fn held_ones_hear_music_only_and_are_heard_by_nobody() {
    let (mut town, caller, agents) = conference("", 2);
    town.page("http://app/hold", "<Play loop=\"0\">/song.wav</Play>");
    assert_eq!(hears(&town, &caller), ["agent0", "agent1"]);
    let hold_music = Some(Hook { url: "http://app/hold".to_owned(), method: crate::twiml::Method::Get });
    change(&mut town, "caller", MemberUpdate { hold: Some(true), hold_music, ..MemberUpdate::default() });
    assert_eq!(hears(&town, &caller), ["play http://app/song.wav"]);
    assert_eq!(hears(&town, &agents[0]), ["agent1"]);
    change(&mut town, "agent0", MemberUpdate { hold: Some(true), ..MemberUpdate::default() });
    assert_eq!(hears(&town, &agents[0]), ["music"]);
    assert!(hears(&town, &agents[1]).is_empty());
    change(&mut town, "caller", MemberUpdate { hold: Some(false), ..MemberUpdate::default() });
    assert_eq!(hears(&town, &caller), ["agent1"]);
}

#[test]
fn a_coach_is_heard_by_the_coached_alone() {
    let (mut town, caller, agents) = conference("", 2);
    let coach = Some(agents[0].clone());
    change(&mut town, "agent1", MemberUpdate { coaching: Some(true), coach, ..MemberUpdate::default() });
    assert_eq!(hears(&town, &caller), ["agent0"]);
    assert_eq!(hears(&town, &agents[0]), ["agent1", "caller"]);
    assert_eq!(hears(&town, &agents[1]), ["agent0", "caller"]);
    change(&mut town, "agent1", MemberUpdate { muted: Some(true), ..MemberUpdate::default() });
    assert_eq!(hears(&town, &agents[0]), ["caller"]);
    let barge = MemberUpdate { muted: Some(false), coaching: Some(false), ..MemberUpdate::default() };
    change(&mut town, "agent1", barge);
    assert_eq!(hears(&town, &caller), ["agent0", "agent1"]);
}

#[test]
fn an_announcement_is_for_those_whom_it_is_meant_for() {
    let (mut town, caller, agents) = conference("", 1);
    town.page("http://app/news", "<Say>news</Say>");
    let hook = Hook { url: "http://app/news".to_owned(), method: crate::twiml::Method::Post };
    change(&mut town, "caller", MemberUpdate { announce: Some(hook.clone()), ..MemberUpdate::default() });
    assert_eq!(hears(&town, &caller), ["agent0", "say news"]);
    assert_eq!(hears(&town, &agents[0]), ["caller"]);
    town.wait(1_000);
    let sid = town.conference("room");
    town.engine.announce_to_all(ACCOUNT, &sid, &hook).expect("a conference");
    town.settle();
    assert_eq!(hears(&town, &agents[0]), ["caller", "say news"]);
}

#[test]
fn a_dial_rings_and_then_both_hear_each_other() {
    let mut town = Town::new("<Say>hi</Say><Dial><Client>ana</Client></Dial><Say>bye</Say>");
    town.client("ana", Answers::AfterMs);
    let caller = town.call();
    assert_eq!(hears(&town, &caller), ["say hi"]);
    town.wait(120);
    assert_eq!(hears(&town, &caller), ["ringback"]);
    town.wait(100);
    let child = town.engine.calls.newest().next().expect("a child").sid.clone();
    assert_eq!((hears(&town, &caller).len(), hears(&town, &child).len()), (1, 1));
    town.hang_up(&child);
    assert_eq!(hears(&town, &caller), ["say bye"]);
}

#[test]
fn a_telephone_is_heard_ringing_by_those_who_called_it() {
    let (mut town, caller, agents) = conference("", 1);
    let phone = Script { answers: Answers::Never, ..Script::default() };
    town.engine.directory.phones.insert("+40733000000".to_owned(), phone);
    change(&mut town, "caller", MemberUpdate { hold: Some(true), ..MemberUpdate::default() });
    let third = town.add("room", "+40733000000", Some("third")).expect("a participant");
    town.wait(50);
    assert_eq!(hears(&town, &agents[0]), ["ringback"]);
    assert_eq!(hears(&town, &caller), ["music"]);
    town.does(&third, &Deed::IsBusy);
    assert_eq!((hears(&town, &agents[0]), hears(&town, &caller)), (vec!["busy".to_owned()], vec!["music".to_owned()]));
    town.wait(3_000);
    assert!(hears(&town, &agents[0]).is_empty());
    let fourth = town.add("room", "+40733000000", Some("fourth")).expect("a participant");
    town.wait(50);
    town.does(&fourth, &Deed::Answers);
    assert_eq!(hears(&town, &agents[0]), ["fourth"]);
}

#[test]
fn a_piece_lasts_as_long_as_its_audio() {
    let mut town = Town::new("<Play loop=\"2\">/song.wav</Play><Say>bye</Say>");
    let caller = town.call();
    let piece = town.engine.audio().lines[0].hears.pieces[0].id;
    town.wait(500);
    town.engine.lasts(piece, std::time::Duration::from_secs(1));
    town.wait(1_499);
    assert_eq!(hears(&town, &caller), ["play http://app/song.wav"]);
    town.wait(2);
    assert_eq!(hears(&town, &caller), ["say bye"]);
    // What is known of a piece that is over changes nothing.
    town.engine.lasts(piece, std::time::Duration::from_mins(1));
    town.wait(500);
    assert_eq!(town.status(&caller), "completed");
}

#[test]
fn hold_music_lasts_as_long_as_its_audio_too() {
    let mut town = Town::new(&room("room", r#"waitUrl="/wait""#));
    town.page("http://app/wait", "<Play>/song.wav</Play><Play>/other.wav</Play>");
    let caller = town.call();
    let piece = town.engine.audio().lines[0].hears.pieces[0].id;
    town.engine.lasts(piece, std::time::Duration::from_secs(30));
    town.wait(29_999);
    assert_eq!(hears(&town, &caller), ["play http://app/song.wav"]);
    town.wait(2);
    assert_eq!(hears(&town, &caller), ["play http://app/other.wav"]);
}

/// A conference in any state at all.
#[derive(Debug, Clone)]
struct Change {
    who: usize,
    muted: Option<bool>,
    hold: Option<bool>,
    /// Whom they coach from now on; nobody, if there is none of that number.
    coach: Option<usize>,
    leaves: bool,
}

fn change_of(count: usize) -> impl Strategy<Value = Change> {
    use proptest::option::of;
    let coach = of(0..=count);
    (0..count, of(any::<bool>()), of(any::<bool>()), coach, proptest::bool::weighted(0.05))
        .prop_map(|(who, muted, hold, coach, leaves)| Change { who, muted, hold, coach, leaves })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn twilios_rule_holds_in_every_state(changes in proptest::collection::vec(change_of(4), 1..40)) {
        let (mut town, caller, agents) = conference("", 3);
        let everybody: Vec<String> = std::iter::once(caller).chain(agents).collect();
        for change in changes {
            let sid = &everybody[change.who];
            if change.leaves {
                town.hang_up(sid);
            }
            let coach = change.coach.and_then(|who| everybody.get(who).cloned());
            let update = MemberUpdate {
                muted: change.muted,
                hold: change.hold,
                coaching: change.coach.map(|_| coach.is_some()),
                coach,
                ..MemberUpdate::default()
            };
            // What Twilio refuses (coaching oneself, or somebody on hold) changes nothing.
            let _ = town.engine.update_participant(ACCOUNT, &town.conference("room"), sid, update);
            town.settle();
            check(&town);
        }
    }
}

/// What must be true of who hears whom.
fn check(town: &Town) {
    let audio = town.engine.audio();
    let members: Vec<Option<&Member>> = audio
        .lines
        .iter()
        .map(|line| town.engine.calls.get(&line.call).and_then(|call| town.engine.member_of(call)))
        .collect();
    for (me, line) in audio.lines.iter().enumerate() {
        let Some(mine) = members[me] else { continue };
        let room: Vec<usize> = line.hears.room.map(|room| audio.rooms[room].clone()).unwrap_or_default();
        let heard = |other: usize| room.contains(&other) || line.hears.whispers.contains(&other);
        if mine.hold {
            assert!(room.is_empty() && line.hears.whispers.is_empty(), "who is on hold hears only music");
            assert_eq!(line.hears.pieces.len(), 1);
        }
        assert!(!line.hears.whispers.contains(&me), "nobody whispers to themselves");
        for (other, theirs) in members.iter().enumerate().filter(|(other, _)| *other != me) {
            let Some(theirs) = theirs else { continue };
            let silent = theirs.hold || theirs.muted || mine.hold;
            let aside = theirs.coaching && theirs.coach.as_deref() != Some(&*mine.call);
            assert_eq!(heard(other), !silent && !aside, "{mine:?} hears {theirs:?}");
        }
        // A voice that came by two ways would be twice as loud.
        let mut all = [room, line.hears.whispers.clone()].concat();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), line.hears.whispers.len() + line.hears.room.map_or(0, |room| audio.rooms[room].len()));
    }
}
