import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import { browserPath, flags } from './chromium.mjs';
import { serveDesk } from './serve.mjs';
import { numberOf, optionsOf, run } from './script.mjs';

const WARM_UP = 5_000;

/** What the page is made to work with: fifty symbols of both vendors in the list. */
const symbols = Array.from({ length: 50 }, (_, i) => `${600_000 + i}.SH`);

/** A page driven by hand: Playwright would be told of each WebSocket frame, which costs the page more than the desk does. */
const openPage = async (url) => {
  const profile = mkdtempSync(join(tmpdir(), 'desk-'));
  const own = ['--remote-debugging-port=0', `--user-data-dir=${profile}`, '--window-size=1440,820', 'about:blank'];
  const browser = spawn(browserPath(), [...flags, ...own], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let port;
  for await (const line of createInterface(browser.stderr)) {
    port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
    if (port) break;
  }
  const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
  const socket = new WebSocket(targets.find(({ type }) => type === 'page').webSocketDebuggerUrl);
  await once(socket, 'open');
  const waiting = new Map();
  socket.on('message', (data) => {
    const { id, result, error } = JSON.parse(data);
    waiting.get(id)?.(result ?? error);
  });
  let id = 0;
  const send = (method, params = {}) =>
    new Promise((resolve) => {
      waiting.set(++id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await send('Performance.enable', { timeDomain: 'threadTicks' });
  await send('Page.navigate', { url });
  return {
    run: async (task, ...words) => {
      const expression = `(${task})(${words.map((word) => JSON.stringify(word)).join()})`;
      const { result } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      return result.value;
    },
    collectGarbage: () => send('HeapProfiler.collectGarbage'),
    metrics: async () => {
      const { metrics } = await send('Performance.getMetrics');
      return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    },
    close: async () => {
      socket.terminate();
      const gone = once(browser, 'close');
      // With its group: the program is started by a script, and would live on and paint beside what is measured next.
      process.kill(-browser.pid, 'SIGKILL');
      await gone;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
};

/** Counts frames, and the longest pause between two, while `ms` pass. */
const countFrames = (ms) =>
  new Promise((resolve) => {
    const times = [];
    const frame = (now) => {
      times.push(now);
      if (now - times[0] < ms) return requestAnimationFrame(frame);
      const pauses = times.slice(1).map((time, i) => time - times[i]);
      resolve({ fps: (1_000 * pauses.length) / (now - times[0]), longest: Math.max(...pauses) });
    };
    requestAnimationFrame(frame);
  });

const bothLive = () =>
  new Promise((resolve) => {
    const look = () =>
      document.querySelectorAll('[data-link=live]').length === 2 ? resolve(true) : setTimeout(look, 100);
    look();
  });

/** Changes one word with each frame, and nothing else. */
const changeOneWord = () => {
  const word = document.body.appendChild(document.createElement('b'));
  const change = (now) => {
    word.textContent = String(now);
    requestAnimationFrame(change);
  };
  requestAnimationFrame(change);
};

const frames = ({ fps, longest }) => ({
  'frames a second': Number(fps.toFixed(1)),
  'longest frame, ms': Math.round(longest),
});

/** What this machine gives a page that does next to nothing: before and after, as others may use it meanwhile. */
const yardstick = async () => {
  const page = await openPage('about:blank');
  await page.run(changeOneWord);
  const { counted, share } = await watched(page, 5);
  await page.close();
  return { asked: 'one word', ...frames(counted), 'main thread busy, %': share('TaskDuration') };
};

/** Frames of some seconds, and the share of the main thread that went into something. */
const watched = async (page, seconds) => {
  const [before, startedAt] = [await page.metrics(), performance.now()];
  const counted = await page.run(countFrames, 1_000 * seconds);
  const [after, elapsed] = [await page.metrics(), (performance.now() - startedAt) / 1_000];
  return { counted, elapsed, share: (name) => Math.round((100 * (after[name] - before[name])) / elapsed) };
};

const measure = async (rate, seconds) => {
  const desk = await serveDesk({ rate, symbols });
  const sent = () => desk.simulator.itick.sent + desk.simulator.tickflow.sent;
  const page = await openPage(`${desk.url}?alone&symbols=${symbols.join()}`);
  await page.run(bothLive);
  await page.run((ms) => new Promise((resolve) => setTimeout(resolve, ms)), WARM_UP);

  const sentBefore = sent();
  const { counted, elapsed, share } = await watched(page, seconds);
  const sentAfter = sent();
  await page.collectGarbage();
  const { JSHeapUsedSize: heap } = await page.metrics();
  await page.close();
  await desk.close();
  return {
    asked: rate,
    ...frames(counted),
    'updates a second': Math.round((sentAfter - sentBefore) / elapsed),
    'main thread busy, %': share('TaskDuration'),
    'script, %': share('ScriptDuration'),
    'style and layout, %': share('RecalcStyleDuration') + share('LayoutDuration'),
    'heap, MB': Number((heap / 1e6).toFixed(1)),
  };
};

await run(async () => {
  const { values } = optionsOf({
    rates: { type: 'string', default: '100,1000,5000' },
    seconds: { type: 'string', default: '20' },
  });
  const seconds = numberOf('seconds', values.seconds, { least: 1, most: 3_600 });
  const rates = values.rates.split(',').map((rate) => numberOf('rates', rate, { least: 1 }));
  browserPath();
  const rows = [await yardstick()];
  for (const rate of rates) {
    console.log(`${rate} updates a second, for ${seconds} s`);
    rows.push(await measure(rate, seconds));
  }
  rows.push(await yardstick());
  console.table(rows);
});
