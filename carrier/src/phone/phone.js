// The test phone: one call at a time, over WebRTC, with a few HTTP requests around it.
import { WORDS } from './words.js';

const $ = (id) => document.getElementById(id);
let language = localStorage.getItem('phone-language') ?? (navigator.language.startsWith('ro') ? 'ro' : 'en');
/** What is shown: some words, and more of them below. */
let shown = { words: 'ready', more: '' };
/** The call under way. */
let call = null;

const word = (name) => WORDS[language][name] ?? '';

function show(words, more = '') {
  shown = { words, more };
  $('words').textContent = word(words);
  $('more').textContent = word(more);
}

function speak(next) {
  language = next;
  localStorage.setItem('phone-language', next);
  document.documentElement.lang = next;
  document.title = word('title');
  for (const element of document.querySelectorAll('[data-word]')) element.textContent = word(element.dataset.word);
  for (const button of document.querySelectorAll('[data-language]')) button.ariaPressed = String(button.dataset.language === next);
  $('languages').ariaLabel = word('languages');
  $('keys').ariaLabel = word('keypad');
  for (const key of $('keys').children) key.ariaLabel = word({ '*': 'star', '#': 'hash' }[key.textContent]) || key.textContent;
  show(shown.words, shown.more);
}

async function ask(method, path, body) {
  const answer = await fetch(`/phone/${path}`, {
    method, keepalive: method === 'DELETE', headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw Object.assign(new Error(answer.statusText), { status: answer.status });
  return answer.status === 204 ? null : answer.json();
}

async function listNumbers() {
  const numbers = await ask('GET', 'numbers').catch(() => []);
  const options = numbers.map(({ number, name }) => new Option(name === number ? number : `${name} (${number})`, number));
  const chosen = $('to').value;
  $('to').replaceChildren(...options);
  if (numbers.some(({ number }) => number === chosen)) $('to').value = chosen;
  $('dial').querySelector('button').disabled = numbers.length === 0 || call !== null;
  if (!call && (shown.words === 'none') !== (numbers.length === 0)) show(numbers.length ? 'ready' : 'none');
}

/** The microphone is asked for when somebody calls, not before. */
async function dial() {
  if (call) return;
  if (!navigator.mediaDevices) return show('insecure', 'insecure-more');
  const mine = (call = { over: false, began: null });
  document.body.dataset.state = 'calling';
  $('dial').querySelector('button').disabled = true;
  show('asking');
  try {
    mine.microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
  } catch (error) {
    const none = ['NotFoundError', 'NotReadableError', 'OverconstrainedError'].includes(error.name);
    return finish(mine, none ? 'no-microphone' : 'denied', none ? 'no-microphone-more' : 'denied-more');
  }
  try {
    await connect(mine);
  } catch (error) {
    finish(mine, 'ended', error.status === 404 || error.status === 400 ? 'over-number' : 'over-lost');
  }
}

async function connect(mine) {
  show('calling');
  $('dial').hidden = true;
  $('talk').hidden = false;
  $('end').focus();
  mine.wire = new RTCPeerConnection();
  mine.context = new AudioContext();
  const [track] = mine.microphone.getAudioTracks();
  mine.sender = mine.wire.addTrack(track, mine.microphone);
  mine.ears = { mine: analyse(mine, mine.microphone) };
  mine.wire.ontrack = ({ track }) => {
    const stream = new MediaStream([track]);
    $('ear').srcObject = stream;
    mine.ears.theirs = analyse(mine, stream);
  };
  await mine.wire.setLocalDescription();
  const { sid, sdp } = await ask('POST', 'calls', { from: $('from').value, to: $('to').value, sdp: mine.wire.localDescription.sdp });
  mine.sid = sid;
  if (mine.over) return ask('DELETE', `calls/${sid}`);
  await mine.wire.setRemoteDescription({ type: 'answer', sdp });
  draw(mine);
  watch(mine);
}

function analyse(mine, stream) {
  const node = new AnalyserNode(mine.context, { fftSize: 1024 });
  mine.context.createMediaStreamSource(stream).connect(node);
  return node;
}

/** Asks how the call stands, twice a second. */
async function watch(mine) {
  let missed = 0;
  while (!mine.over) {
    try {
      const { status, over, held } = await ask('GET', `calls/${mine.sid}`);
      missed = 0;
      if (mine.over) return;
      if (over) return finish(mine, 'ended', `over-${status}`);
      if (status === 'in-progress') mine.began ??= Date.now();
      const words = mine.began ? (held ? 'held' : 'talking') : 'ringing';
      if (shown.words !== words) show(words);
      document.body.dataset.state = words;
    } catch {
      if (++missed === 6) return finish(mine, 'ended', 'over-lost');
    }
    await new Promise((done) => setTimeout(done, 500));
  }
}

/** Levels and the clock. */
function draw(mine) {
  if (mine.over) return;
  for (const [name, node] of Object.entries(mine.ears)) {
    const samples = new Float32Array(node.fftSize);
    node.getFloatTimeDomainData(samples);
    const decibels = 10 * Math.log10(samples.reduce((sum, one) => sum + one * one, 1e-12) / samples.length);
    $(name).value = Math.max(0, Math.min(100, (decibels + 60) * 2));
  }
  const seconds = mine.began ? Math.floor((Date.now() - mine.began) / 1000) : 0;
  $('clock').textContent = mine.began ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}` : '';
  requestAnimationFrame(() => draw(mine));
}

function finish(mine, words, more) {
  if (mine.over) return;
  mine.over = true;
  if (call === mine) call = null;
  mine.microphone?.getTracks().forEach((track) => track.stop());
  mine.wire?.close();
  if (more === 'over-busy') busyTone(mine.context);
  else mine.context?.close();
  $('ear').srcObject = null;
  $('talk').hidden = true;
  $('dial').hidden = false;
  $('mute').ariaPressed = 'false';
  document.body.dataset.state = 'ended';
  show(words, more);
  const button = $('dial').querySelector('button');
  button.disabled = false;
  button.focus();
}

/** Three times 425 Hz for half a second, as the network of a caller lets them hear it. */
function busyTone(context) {
  const tone = new OscillatorNode(context, { frequency: 425 });
  const gain = new GainNode(context, { gain: 0 });
  for (const at of [0, 1, 2]) {
    gain.gain.setValueAtTime(0.1, context.currentTime + at);
    gain.gain.setValueAtTime(0, context.currentTime + at + 0.5);
  }
  tone.connect(gain).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + 3);
  tone.onended = () => context.close();
}

function hangUp() {
  const mine = call;
  if (!mine) return;
  if (mine.sid) ask('DELETE', `calls/${mine.sid}`).catch(() => {});
  finish(mine, 'ended', 'over-mine');
}

function press(key) {
  if (!call?.sid) return;
  const keys = call.sender?.dtmf;
  if (keys?.canInsertDTMF) keys.insertDTMF(keys.toneBuffer + key, 120, 60);
  else ask('POST', `calls/${call.sid}/digits`, { digits: key }).catch(() => {});
}

for (const key of '123456789*0#') {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: key });
  button.addEventListener('click', () => press(key));
  $('keys').append(button);
}
$('dial').addEventListener('submit', (event) => {
  event.preventDefault();
  dial();
});
$('end').addEventListener('click', hangUp);
$('mute').addEventListener('click', () => {
  const muted = $('mute').ariaPressed !== 'true';
  $('mute').ariaPressed = String(muted);
  call?.microphone?.getAudioTracks().forEach((track) => (track.enabled = !muted));
});
document.addEventListener('keydown', (event) => {
  const typing = ['INPUT', 'SELECT'].includes(event.target.tagName);
  if (call && !typing && !event.ctrlKey && !event.metaKey && /^[0-9*#]$/.test(event.key)) press(event.key);
});
for (const button of document.querySelectorAll('[data-language]')) button.addEventListener('click', () => speak(button.dataset.language));
addEventListener('pagehide', hangUp);

$('from').value = sessionStorage.getItem('phone-number') ?? `+407${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
$('from').addEventListener('change', () => sessionStorage.setItem('phone-number', $('from').value));
sessionStorage.setItem('phone-number', $('from').value);
speak(language);
await listNumbers();
setInterval(listNumbers, 3000);
