/** Does something when the specs of a file are over, also where they failed, or at the end of a process without specs. */
export const atEnd = (done: () => void): void => {
  const { afterAll } = globalThis as { readonly afterAll?: (done: () => void) => void };
  // The `process` that Jest gives a spec never hears of its own exit.
  if (afterAll) afterAll(done);
  else process.once('exit', done);
};
