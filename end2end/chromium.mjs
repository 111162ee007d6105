// The Chromium of this machine: none is downloaded.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** @returns {string} where it is */
export function chromiumPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    for (const folder of folders) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error('Chromium is missing: scripts/setup.sh test installs it');
}
