const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { env, stderr } = require('node:process');

const page = 'docs/engines.md';
const order = (names) => [...new Set(names)];

/** A table as prettier would have it. */
const tableOf = (rows, columns, cells) => {
  const lines = [
    ['', ...columns],
    ...rows.map((row) => [row, ...columns.map((column) => cells.get(`${row} | ${column}`) ?? '-')]),
  ];
  const widths = lines[0].map((_, at) => Math.max(3, ...lines.map((line) => line[at].length)));
  const text = (line) => `| ${line.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [text(lines[0]), rule, ...lines.slice(1).map(text)].join('\n');
};

/** Says at once how each check ended, and how long it took; with `RXTAPE_ENGINES`, makes the tables of the page of them. */
module.exports = class EnginesReporter {
  onTestCaseResult(_test, { ancestorTitles, title, status, duration }) {
    const seconds = ((duration ?? 0) / 1_000).toFixed(1);
    stderr.write(
      `${status === 'passed' ? 'ok' : status}  ${[...ancestorTitles, title].join(', ').replace(/: it is as.*/, '')}  ${seconds} s\n`,
    );
  }

  onRunComplete() {
    const file = env.RXTAPE_ENGINES;
    if (!file || !existsSync(file)) return;
    const found = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    let text = readFileSync(page, 'utf8');
    for (const [kind, isOf] of [
      ['engines', (name) => !name.startsWith('TypeScript')],
      ['compilers', (name) => name.startsWith('TypeScript')],
    ]) {
      const some = found.filter(({ column }) => isOf(column));
      const columns = order(some.map(({ column }) => column)).sort();
      // That of the engine with the most.
      const rows = order(some.map(({ row }) => row));
      const cells = new Map(some.map(({ row, column, cell }) => [`${row} | ${column}`, cell]));
      const reasons = some
        .filter(({ reason }) => reason)
        .map(({ row, column, reason }) => `- ${column}, ${row}: \`${reason.replaceAll('`', "'")}\``);
      const made = [
        tableOf(rows, columns, cells),
        ...(reasons.length ? ['', 'What the run said where the table says no:', '', ...reasons.sort()] : []),
      ].join('\n');
      text = text.replace(
        new RegExp(`(<!-- ${kind} -->\\n)[^]*?(\\n<!-- end -->)`),
        (_all, begin, end) => `${begin}\n${made}\n${end}`,
      );
    }
    writeFileSync(page, text);
    stderr.write(`wrote ${page}\n`);
  }
};
