const { mkdtempSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, relative } = require('node:path');
const { env, stderr } = require('node:process');
const { formOf } = require('./formOf.cjs');
const { SECRET } = require('./secret.cjs');

/**
 * Searches all that a run leaves behind for the credential of the specs: what was logged, the texts of failures, snapshots,
 * and the files that specs have written to `RXTAPE_LEFT`. The run fails where it is found.
 */
class SecretReporter {
  #root;
  #left = mkdtempSync(join(tmpdir(), 'rxtape-left-'));
  #texts = 0;
  #files = 0;
  #size = 0;
  #found = [];

  constructor({ rootDir }) {
    this.#root = rootDir;
    env.RXTAPE_LEFT = this.#left;
  }

  onTestResult({ path }, { console = [], failureMessage, testResults }) {
    const where = relative(this.#root, path);
    for (const { message, origin } of console ?? []) this.#search(`${where}, a log`, `${message}\n${origin}`);
    if (failureMessage) this.#search(`${where}, a failure`, failureMessage);
    for (const { fullName, failureMessages } of testResults) {
      this.#search(`${where}, a name`, fullName);
      for (const message of failureMessages) this.#search(`${where}, a failure`, message);
    }
  }

  onRunComplete() {
    const snapshots = filesIn(join(this.#root, 'spec')).filter((file) => file.endsWith('.snap'));
    for (const file of [...snapshots, ...filesIn(this.#left)]) {
      this.#files += 1;
      this.#search(relative(this.#root, file), readFileSync(file));
    }
    rmSync(this.#left, { recursive: true, force: true });
    const searched = `${this.#files} files and ${this.#texts - this.#files} texts, ${this.#size} bytes`;
    stderr.write(`Searched for the credential: ${searched}; found ${this.#found.length} times\n`);
    for (const place of this.#found) stderr.write(`  ${place}\n`);
  }

  getLastError() {
    if (this.#found.length > 0) return new Error(`the credential of the specs is in ${this.#found.join('; ')}`);
  }

  #search(where, content) {
    this.#texts += 1;
    this.#size += content.length;
    const form = formOf(SECRET, content);
    if (form !== undefined) this.#found.push(`${where} (${form})`);
  }
}

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

// Jest takes the module itself, TypeScript what it exports.
module.exports = Object.assign(SecretReporter, { SecretReporter });
