import { defineConfig } from '@playwright/test';
import { chromiumPath } from './chromium.mjs';
import type { Settings } from './fixtures/test.ts';

export default defineConfig<{ settings: Settings }>({
  testDir: 'tests',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Bucharest',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromiumPath(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Audio goes over 127.0.0.1, also where there is no other network; nobody has to click to hear it.
        '--allow-loopback-in-peer-connection',
        '--autoplay-policy=no-user-gesture-required',
        // Microphones and speakers that exist nowhere else, to choose from.
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
      ],
    },
  },
});
