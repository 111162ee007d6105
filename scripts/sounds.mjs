// Makes the phone's sounds, public/voice/sounds/*.wav: 8 kHz, 8 bit, one channel. They are kept in the repository; this
// says where they come from. The page never fetches sounds from anybody else.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RATE = 8000;
const folder = join(import.meta.dirname, '../public/voice/sounds');

/** Tones that are heard together, fading in and out within 8 ms so that nothing clicks. */
function tone(seconds, frequencies, volume = 0.4) {
  const samples = Math.round(seconds * RATE);
  return Array.from({ length: samples }, (_, i) => {
    const fade = Math.min(1, i / 64, (samples - 1 - i) / 64);
    const wave = frequencies.reduce((sum, hz) => sum + Math.sin((2 * Math.PI * hz * i) / RATE), 0);
    return (volume * fade * wave) / (frequencies.length || 1);
  });
}
const silence = (seconds) => tone(seconds, []);

function save(name, samples) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  const body = Buffer.from(samples.map((sample) => Math.round(128 + 127 * sample)));
  writeFileSync(join(folder, `${name}.wav`), Buffer.concat([head, body]));
}

const warble = Array.from({ length: 5 }, () => [...tone(0.08, [660]), ...tone(0.08, [880])]).flat();
save('ring', [...warble, ...silence(0.2), ...warble, ...silence(1.4)]);
save('knock', [...tone(0.12, [880], 0.25), ...silence(0.12), ...tone(0.12, [880], 0.25)]);
save('test', [...tone(0.25, [523], 0.3), ...tone(0.25, [659], 0.3), ...tone(0.4, [784], 0.3)]);
save('ended', [...tone(0.1, [480], 0.25), ...silence(0.05), ...tone(0.1, [380], 0.25)]);
save('silence', silence(0.05));
const rows = [697, 770, 852, 941];
const columns = [1209, 1336, 1477];
['1', '2', '3', '4', '5', '6', '7', '8', '9', 's', '0', 'h'].forEach((key, i) => {
  save(`dtmf${key}`, tone(0.13, [rows[Math.floor(i / 3)], columns[i % 3]], 0.3));
});
