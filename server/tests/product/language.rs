//! Pages speak the language that was chosen on them, wherever that was.

use reqwest::{Client, header, redirect::Policy};

use super::office::Office;

#[tokio::test]
async fn a_language_that_is_chosen_on_what_a_form_answered_is_remembered() {
    let office = Office::staffed().await;
    let mut owner = office.signed_in("olga").await;
    let made = owner.post("/people/ana/link", &[]).await;
    assert!(made.status == 200 && made.page.contains("href=\"?lang=ro\""), "{}", made.page);
    // The browser goes where the answer was, with that.
    let http = Client::builder().redirect(Policy::none()).build().unwrap();
    let chooses = async |path: &str| {
        let request = http.get(office.url(path)).header(header::COOKIE, owner.cookie());
        let answer = request.send().await.unwrap();
        let cookies = answer.headers().get_all(header::SET_COOKIE).iter().map(|one| one.to_str().unwrap().to_owned());
        (answer.headers()[header::LOCATION].to_str().unwrap().to_owned(), cookies.collect::<Vec<_>>().concat())
    };
    let (to, cookies) = chooses("/people/ana/link?lang=ro").await;
    assert_eq!(to, "/people/ana");
    assert!(cookies.starts_with("lang=ro; Path=/"), "{cookies}");
    let (_, cookies) = chooses("/people/ana/link?lang=de").await;
    assert_eq!(cookies, "", "there is no such choice");
}
