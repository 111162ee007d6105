// What the page says, in each of its languages.
export const WORDS = {
  en: {
    title: 'Test phone', lead: 'Call a number with your own microphone, as any caller would.', call: 'Number to call',
    from: 'Your number', dial: 'Call', you: 'You', them: 'They', mute: 'Mute', end: 'Hang up', keypad: 'Keypad', languages: 'Language',
    star: 'star', hash: 'hash',
    ready: 'Ready', none: 'There is no number to call yet.', asking: 'Waiting for your microphone…', calling: 'Calling…',
    ringing: 'Ringing…', talking: 'Connected', held: 'On hold', ended: 'Call ended',
    'no-microphone': 'No microphone was found.', 'no-microphone-more': 'Connect one and call again.',
    denied: 'The microphone is not allowed.', 'denied-more': 'Allow it for this page, next to its address, and call again.',
    insecure: 'This page cannot use a microphone.', 'insecure-more': 'Open it as http://127.0.0.1 or http://localhost.',
    'over-completed': 'The other side hung up.', 'over-mine': 'You hung up.', 'over-busy': 'The number is busy.',
    'over-failed': 'The call could not be connected.', 'over-no-answer': 'Nobody answered.', 'over-canceled': 'The call was withdrawn.',
    'over-lost': 'The telephone network cannot be reached.', 'over-number': 'That number cannot be called.',
  },
  ro: {
    title: 'Telefon de probă', lead: 'Sună la un număr cu propriul microfon, ca orice apelant.', call: 'Numărul apelat',
    from: 'Numărul tău', dial: 'Sună', you: 'Tu', them: 'Ei', mute: 'Oprește microfonul', end: 'Închide', keypad: 'Taste', languages: 'Limba',
    star: 'steluță', hash: 'diez',
    ready: 'Pregătit', none: 'Încă nu există niciun număr de apelat.', asking: 'Se așteaptă microfonul…', calling: 'Se apelează…',
    ringing: 'Sună…', talking: 'În convorbire', held: 'În așteptare', ended: 'Apel încheiat',
    'no-microphone': 'Nu s-a găsit niciun microfon.', 'no-microphone-more': 'Conectează unul și sună din nou.',
    denied: 'Microfonul nu este permis.', 'denied-more': 'Permite-l pentru această pagină, lângă adresa ei, și sună din nou.',
    insecure: 'Pagina nu poate folosi microfonul.', 'insecure-more': 'Deschide-o ca http://127.0.0.1 sau http://localhost.',
    'over-completed': 'Celălalt capăt a închis.', 'over-mine': 'Ai închis.', 'over-busy': 'Numărul este ocupat.',
    'over-failed': 'Apelul nu a putut fi conectat.', 'over-no-answer': 'Nu a răspuns nimeni.', 'over-canceled': 'Apelul a fost retras.',
    'over-lost': 'Rețeaua de telefonie nu poate fi contactată.', 'over-number': 'Numărul nu poate fi apelat.',
  },
};
