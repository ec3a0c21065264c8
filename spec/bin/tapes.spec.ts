import { cassetteIn, recordingsOf } from '../../lib/bin/cassettes.js';

describe('recordingsOf', () => {
  it('puts the parts of a recording into the order in which they were written, and keeps others apart', () => {
    expect(recordingsOf(['a.1.ndjson.gz', 'a.10.ndjson.gz', 'b.ndjson', 'a.2.ndjson.gz', 'a.1.ndjson'])).toEqual([
      ['a.1.ndjson.gz', 'a.2.ndjson.gz', 'a.10.ndjson.gz'],
      ['b.ndjson'],
      ['a.1.ndjson'],
    ]);
  });
});

describe('tapes', () => {
  it('has the names of its files', () => {
    expect(cassetteIn(['a.gz']).name).toBe('a.gz');
    expect(cassetteIn(['a.2.gz', 'b.gz', 'a.1.gz']).name).toBe('a.1.gz, a.2.gz + b.gz');
  });
});
