import { joinFeed } from '../../lib/gateway/index.js';
import { quotes, trades } from '../../lib/model/topic.js';

/** A client of a gateway as a process of its own: it says what it hears, a line each, without the padding. */
const run = ({ url }: { readonly url: string }): void => {
  joinFeed({ url, topics: [...quotes('A.US'), ...trades('B.US')], backoff: () => 50 }).subscribe((event) =>
    console.log(JSON.stringify({ ...event, note: undefined })),
  );
};

run(JSON.parse(process.argv[2] ?? '{}') as Parameters<typeof run>[0]);
