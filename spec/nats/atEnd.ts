/** Does something when the specs of a file are over, also where they failed, or at the end of a process without specs. */
export const atEnd = (done: () => void): void => {
  // The `process` that Jest gives a spec never hears of its own exit.
  if (typeof afterAll === 'function') afterAll(done);
  else process.once('exit', done);
};
