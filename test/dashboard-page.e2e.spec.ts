import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import { runDemoRunner } from './support/demo-runner.js';
import { type System, startSystem } from './support/system.js';

const CHROMIUM = process.env.RTS_CHROMIUM ?? '/usr/bin/chromium';
/** As root in a container Chromium needs no sandbox, and it is to ask nobody outside for anything. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const withBrowser = existsSync(CHROMIUM) ? describe : describe.skip;

withBrowser('the dashboard in a real browser', () => {
  let system: System;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    system = await startSystem();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
    page = await browser.newPage();
    page.setDefaultTimeout(60_000);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  const provision = async () => {
    const { body } = await system.call<{ runner_name: string; encoded_jit_config: string }>(
      'POST',
      '/api/v1/runners/jit',
      { body: { runner_name_prefix: 'seen', labels: ['gpu'] } },
    );
    return body;
  };

  it('sends a stranger to the sign-in of the identity provider, and lets user dev in', async () => {
    await page.goto(`${system.url}/dashboard`);
    expect(page.url()).toContain(system.development.issuer);
    await page.locator('input[name="login"]').fill('dev');
    await page.locator('button[type="submit"]').click();
    await page.waitForURL(/\/dashboard$/);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    expect(await page.locator('h1').first().textContent()).toBeTruthy();
  });

  it('moves by itself: a runner appears, works and is gone', async () => {
    const { runner_name: name, encoded_jit_config: jitConfig } = await provision();
    const row = page.locator('tr', { hasText: name });
    await row.getByText('pending').waitFor();

    await system.simulator('PATCH', '/switches', { job: { duration_ms: 10_000 } });
    const ended = runDemoRunner(jitConfig);
    await row.getByText('busy').waitFor();
    if (process.env.RTS_SCREENSHOTS) {
      await page.screenshot({ path: join(process.env.RTS_SCREENSHOTS, 'dashboard.png'), fullPage: true });
    }
    expect(await ended).toMatchObject({ code: 0 });
    await row.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  it('shows nobody anything after signing out', async () => {
    await page.goto(`${system.url}/dashboard/logout`);
    const response = await page.request.get(`${system.url}/dashboard`, {
      maxRedirects: 0,
      headers: { accept: 'text/html' },
    });
    expect(response.status()).toBe(302);
  });
});
