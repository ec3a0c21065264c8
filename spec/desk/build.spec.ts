import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { built } from './built.js';

const pages = join(built, 'dist/browser');
const scripts = readdirSync(pages).filter((name) => name.endsWith('.js'));
const bundle = scripts.map((name) => readFileSync(join(pages, name), 'utf8')).join('\n');
const said = readFileSync(join(built, 'build.log'), 'utf8');

describe('an Angular application on the tarball', () => {
  it('is built without a warning', () => {
    expect(said).toContain('Application bundle generation complete');
    expect(said).not.toMatch(/warn|bailout|CommonJS|budget|could not/i);
  });

  it('opens the socket of the browser, and holds nothing of Node', () => {
    expect(bundle).toContain('new WebSocket(');
    // A method may have that name.
    expect(bundle).not.toMatch(/node:|require\((?!\w+\)\{)|Sec-WebSocket-Key/);
  });

  it('loads NATS only where it is used', () => {
    const page = readFileSync(join(pages, 'index.html'), 'utf8');
    const [first, later] = [true, false].map((isFirst) => scripts.filter((name) => page.includes(name) === isFirst));
    const speakNats = (names: readonly string[] = []): boolean =>
      names.some((name) => readFileSync(join(pages, name), 'utf8').includes('nats.ws'));
    expect(first).not.toEqual([]);
    expect(speakNats(first)).toBe(false);
    expect(speakNats(later)).toBe(true);
  });
});
