import { VERSION } from '@angular/core';
import { versions } from './versions/installed.js';

describe('these specs', () => {
  it('run on the Angular that is meant', () => {
    expect(VERSION.full).toBe(process.env['RXTAPE_ANGULAR_VERSION'] ?? versions[1]);
  });
});
