import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { outputIn, written } from './consumer.js';

const page = written('vite/index.html', '<!doctype html><script type="module" src="/main.ts"></script>');
const project = dirname(page);
written(
  'vite/main.ts',
  `import { merge } from 'rxjs';
   import { conflate, quotes, toKlines, trades } from 'rxtape';
   import { itick } from 'rxtape/itick';
   import { tickflow } from 'rxtape/tickflow';
   const feed$ = merge(
     itick({ token: 'demo', market: 'stock', topics: trades('AAPL.US') }),
     tickflow({ apiKey: 'demo', topics: quotes('600000.SH') }),
   );
   feed$.pipe(toKlines('1m')).subscribe((bar) => document.body.append(bar.symbol));
   feed$.pipe(conflate({ every: 1_000 })).subscribe((event) => document.body.append(event.kind));`,
);
written('vite/package.json', JSON.stringify({ private: true, type: 'module' }));
execFileSync('npm', ['install', '--no-save', '--prefer-offline', '--silent', 'vite@8.3.8'], { cwd: project });

describe('a page built by Vite', () => {
  const said = outputIn(project, process.execPath, 'node_modules/vite/bin/vite.js', 'build');
  const assets = join(project, 'dist/assets');
  const bundle = readdirSync(assets)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(assets, name), 'utf8'))
    .join('\n');

  it('is built without a warning', () => {
    expect(said).not.toMatch(/warn|externalized|could not/i);
  });

  it('opens the socket of the browser, and holds nothing of Node', () => {
    expect(bundle).toContain('new WebSocket(');
    expect(bundle).not.toMatch(/node:|require\(|Sec-WebSocket-Key/);
  });
});
