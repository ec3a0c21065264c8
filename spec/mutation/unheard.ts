import { config } from 'rxjs';

// RxJS throws an error that nobody listens for by a timer, when the spec is over; the runner would end with it.
const unheard: unknown[] = [];
config.onUnhandledError = (error) => void unheard.push(error);

afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve));
  expect(unheard.splice(0)).toEqual([]);
});
