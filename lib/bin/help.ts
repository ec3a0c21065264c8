/** What `--help` prints. */
export const help = `rxtape - watch, record and replay live market data

  rxtape [watch]                          four symbols of each vendor: simulated
                                          or real, where a credential is set
  rxtape watch <source> <symbol>...       one source
  rxtape watch <source> <symbol>... <source> <symbol>...
  rxtape book <symbol> [<source>...]      one ladder of all sources
  rxtape klines [<source> <symbol>...]    bars made here, as they form
  rxtape record [<source> <symbol>...] --out <file>
                                          raw frames to a file
  rxtape replay <file>... [klines [<interval>] | book <symbol>]
                                          a file as if it were live
  rxtape inspect <file>...                what is in a file

Sources
  itick:stock itick:forex itick:indices itick:crypto itick:future itick:fund
  tickflow                                quotes and depth
  tickflow:quotes                         the older endpoint, quotes only

What to watch or record (of every source; default --quotes)
  --quotes  --depth  --trades
  --klines <interval>  1m 5m 15m 30m 1h 2h 4h 1d 1w 1M, the vendor's own

Options
  --levels <n>         of rxtape book: how many a side, to 100; default 10
  --interval <i>       of rxtape klines: how long a bar is; default 1m
  --out <file>         of rxtape record: .gz and .zst are compressed
  --force              of rxtape record: writes over a file that exists
  --max-bytes <size>   of rxtape record: begins another file after 100mb, 1gb
  --max-age <duration> of rxtape record: begins another file after 30m, 1h
  --speed <n>|max      of rxtape replay: how many times faster; default 1
  --from <time>        of rxtape replay: 2026-11-21T01:30:00Z, or +10m
  --demo               a simulated market on this machine, no credential needed
  --speed <n>          how many times faster the simulated market runs;
                       at --speed 60 a bar of a minute takes a second
  --url <wss://...>    another host, for every source
  --json               one event, book or closed bar per line, as JSON
  --for <duration>     stop after 10s, 500ms, 2m
  --colors cn|us|none  red is up, green is up, or neither; by LANG if not given
  --help               this text

Environment
  ITICK_TOKEN  TICKFLOW_API_KEY           the credentials
  ITICK_URL    TICKFLOW_URL               other hosts
  NO_COLOR                                no colors

On a terminal: a live table; q or Ctrl-C quits. Elsewhere: a line per event.
Exit code: 0 stopped, 1 a feed ended with an error, 2 a wrong command line.

  rxtape watch itick:stock AAPL.US 700.HK --quotes --depth
  rxtape watch itick:crypto BTCUSDT.BA --trades --json | head -3
  rxtape watch itick:stock AAPL.US tickflow 600000.SH --demo --for 10s
  rxtape book 600000.SH
  rxtape klines --speed 60
  rxtape record --demo --out tape.ndjson.gz --for 1m
  rxtape replay tape.ndjson.gz --speed 10
`;
