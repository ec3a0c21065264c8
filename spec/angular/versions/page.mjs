import '@angular/compiler';
import {
  afterEveryRender,
  Component,
  inject,
  NgZone,
  provideZoneChangeDetection,
  provideZonelessChangeDetection,
  VERSION,
} from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { filter, map, tap } from 'rxjs';
import { injectEvents, provideFeed } from '../../../lib/angular/index.ts';
import { ofKind, trades } from '../../../lib/index.ts';
import { itick } from '../../../lib/providers/itick/browser.ts';

/** What the spec gives: where the simulator is, where a server is that just sends, and which page it wants. */
const { url, raw, mode } = globalThis.given;
const hasZone = typeof globalThis.Zone !== 'undefined';

/** What the spec reads: how many messages came, how often change detection ran, and how many frames there were. */
const counts = { version: VERSION.full, hasZone, messages: 0, checks: 0, renders: 0, frames: 0 };
globalThis.counts = counts;
const counting = tap(() => (counts.messages += 1));

/** Hears all, and never has another value. */
const quiet = () =>
  injectEvents(
    trades('AAPL.US'),
    counting,
    filter(() => false),
  );
/** Has another value with each message. */
const busy = () =>
  injectEvents(
    trades('AAPL.US'),
    counting,
    ofKind('trade'),
    map((_, count) => count),
  );
/** What counts must see, or they would prove nothing: a socket that Angular has not been kept from. */
const plain = () => {
  new globalThis.WebSocket(raw).onmessage = () => (counts.messages += 1);
  return () => '';
};

class Page {
  shown = { quiet, busy, plain }[mode]();

  constructor() {
    afterEveryRender(() => (counts.renders += 1));
    const next = () => {
      counts.frames += 1;
      globalThis.requestAnimationFrame(next);
    };
    inject(NgZone).runOutsideAngular(next);
  }

  ngDoCheck() {
    counts.checks += 1;
  }
}
// What ran by itself until Angular 22 made `OnPush` the default.
const ALWAYS = 1;
Component({ selector: 'app-root', template: '{{ shown() }}', changeDetection: ALWAYS })(Page);

const feed = (topics) => itick({ url, token: 'demo', auth: 'message', market: 'stock', topics });
await bootstrapApplication(Page, {
  providers: [hasZone ? provideZoneChangeDetection() : provideZonelessChangeDetection(), provideFeed(() => feed)],
});
