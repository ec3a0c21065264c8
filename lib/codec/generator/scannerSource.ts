import type * as t from 'io-ts';
import * as functionsOfScan from '../scan.js';
import { accessed, keyed, otherKey, quoted, readKeyOf } from './keySource.js';
import {
  anyScalar,
  declined,
  isUndefined,
  numericOrNull,
  raw,
  readers,
  scalarReading,
  type Reading,
} from './scalarReading.js';
import { grammars, type Grammar, type RecordGrammar } from './grammar.js';

/** Where a generated module imports from. */
export interface ScannerModules {
  /** The module of the codecs; it exports the type of each under the same name. */
  readonly codecs: string;
  /**
   * The module of the functions that read.
   *
   * @defaultValue `'rxtape/scan'`
   */
  readonly functions?: string | undefined;
}

/**
 * The source of a TypeScript module with a function for each codec, `scanX` for `X`. It reads the bytes of a JSON text into
 * what the codec makes of it, and gives undefined for what it does not know by heart. Throws for a codec that no scanner can be made of.
 *
 * What a function returns has the members that the codec names, and is overwritten by its next call.
 *
 * @example
 * writeFileSync('scan.generated.ts', scannerSource({ Frame }, { codecs: './frames.js' }));
 */
export const scannerSource = (
  codecs: Readonly<Record<string, t.Mixed>>,
  { codecs: from, functions = 'rxtape/scan' }: ScannerModules,
): string => {
  const grammarOf = grammars();
  const written = writer();
  const scans = Object.entries(codecs).map(([name, codec]) => {
    const reading = written.readingOf(grammarOf(codec, name), name);
    const refused = written.refusal(grammarOf(codec, name), reading.gives, 'found');
    return lines(
      `/** Reads what \`${name}\` takes; undefined for what is not known by heart. The next call overwrites it. */`,
      `export const scan${name} = (cursor: Cursor): ${name} | undefined => {`,
      ...written.pools.map((pool) => `${pool}.used = 0;`),
      `const found = ${reading.call};`,
      `if (${[reading.isBad('found'), '!isOver(cursor)', ...refused].join(' || ')}) return undefined;`,
      `return found as unknown as ${name};`,
      '};',
    );
  });
  const body = [...written.functions, ...scans].join('\n\n');
  const names = imported.filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  return lines(
    `// Made by \`scannerSource\` of the codecs in '${from}'; not to be edited.`,
    `import * as scan from '${functions}';`,
    `import type { ${Object.keys(codecs).join(', ')} } from '${from}';`,
    '',
    'type Cursor = scan.Cursor;',
    '',
    '// Bound once: to look each up in another module would take as long as to read.',
    `const { ${names.join(', ')} } = scan;`,
    '',
    body,
    '',
  );
};

/** What generated code may call. */
const imported = Object.keys(functionsOfScan).sort();

const lines = (...all: readonly string[]): string => all.join('\n');

const kinds = ['text', 'number', 'boolean', 'null', 'list', 'tuple', 'record'] as const;

const writer = () => {
  const functions: string[] = [];
  const pools: string[] = [];
  const names = new Map<object, string>();

  /** The name of what is written for a part of a grammar; it is written when it is first asked for. */
  const named = (part: object, name: string, write: () => string): string => {
    const known = names.get(part);
    if (known !== undefined) return known;
    names.set(part, name);
    functions.push(write());
    return name;
  };

  const readingOf = (grammar: Grammar, path: string): Reading => {
    const { list, tuple, record } = grammar;
    const plain = scalarReading(grammar);
    const nested = [
      ...(list ? [{ starts: 'opensList', read: listReader(list, path) }] : []),
      ...(tuple ? [{ starts: 'opensList', read: tupleReader(tuple, path) }] : []),
      ...(record ? [{ starts: 'opensRecord', read: recordReader(record, path) }] : []),
    ];
    if (nested.length === 0) return plain;
    // Beside what is nested, a number that is declined has to be undefined as well.
    const other = plain.isBad === isUndefined ? plain : plain === readers.get('numeric') ? numericOrNull : anyScalar;
    const types = nested.map(({ read }) => `NonNullable<ReturnType<typeof ${read}>>`);
    const choices = nested.map(({ starts, read }) => `${starts}(cursor) ? ${read}(cursor) : `);
    return {
      call:
        nested.length === 1 && other === declined ? `${nested[0]?.read ?? ''}(cursor)` : choices.join('') + other.call,
      type: [...types, ...(other === declined ? [] : [other.type])].join(' | '),
      isBad: isUndefined,
      gives: { ...other.gives, list, tuple, record },
    };
  };

  const listReader = (item: Grammar, path: string): string => {
    const name = nameOf(path);
    return named(item, `read${name}`, () => {
      const { call, type, isBad } = readingOf(item, `${path}Item`);
      const room = `lists${name}`;
      pools.push(room);
      return lines(
        `const ${room} = poolOf((): ${type}[] => []);`,
        '',
        `const read${name} = (cursor: Cursor): ${type}[] | undefined => {`,
        `const items = nextOf(${room});`,
        'if (items === undefined || !opensList(cursor)) return undefined;',
        'if (isEmptyList(cursor)) return sized(items, 0);',
        'let count = 0;',
        'do {',
        'cursor.at += 1;',
        `const item = ${call};`,
        `if (${isBad('item')}) return undefined;`,
        'items[count] = item;',
        'count += 1;',
        `} while (goesOn(cursor) && count < MOST_ITEMS);`,
        'return closesList(cursor) ? sized(items, count) : undefined;',
        '};',
      );
    });
  };

  const tupleReader = (items: readonly Grammar[], path: string): string => {
    const name = `read${nameOf(path)}`;
    return named(items, name, () => {
      const readings = items.map((item, i) => ({ item, value: `item${i}`, ...readingOf(item, `${path}${i}`) }));
      return lines(
        `const ${name} = (cursor: Cursor): [${readings.map(({ type }) => type).join(', ')}] | undefined => {`,
        ...readings.flatMap(({ item, value, call, isBad, gives }, i) => [
          `if (!${i === 0 ? 'opensList' : 'goesOn'}(cursor)) return undefined;`,
          'cursor.at += 1;',
          `const ${value} = ${call};`,
          `if (${[isBad(value), ...refusal(item, gives, value)].join(' || ')}) return undefined;`,
        ]),
        `return closesList(cursor) ? [${readings.map(({ value }) => value).join(', ')}] : undefined;`,
        '};',
      );
    });
  };

  const recordReader = (record: RecordGrammar, path: string): string => {
    const name = nameOf(path);
    return named(record, `read${name}`, () => {
      const members = [...record.members].map(([key, grammar]) => ({ key, ...readingOf(grammar, `${path} ${key}`) }));
      const readings = new Map(members.map((member) => [member.key, member]));
      const hashes = members.map(({ key }) => readKeyOf(key, path).hash);
      if (new Set(hashes).size < hashes.length) throw new Error(`${path}: two of its keys have the same hash`);
      const kept = members.filter(({ type }) => type !== declined.type);
      const pool = `rows${name}`;
      pools.push(pool);
      const fits = record.alternatives.map((alternative, i) => {
        const asked = [...alternative].flatMap(([key, { grammar, isRequired }]) =>
          conditions(grammar, readings.get(key)?.gives ?? {}, `row${accessed(key)}`, isRequired),
        );
        const fit = `fits${name}${record.alternatives.length > 1 ? i + 1 : ''}`;
        names.set(alternative, fit);
        return lines(`const ${fit} = (row: ${name}Row): boolean =>`, `${asked.join(' && ') || 'true'};`);
      });
      return lines(
        `const ${pool} = poolOf(() => ({`,
        ...kept.map(({ key, type }) => `${keyed(key)}: undefined as ${type} | undefined,`),
        '}));',
        `type ${name}Row = (typeof ${pool}.rows)[number];`,
        '',
        ...fits.flatMap((fit) => [fit, '']),
        `const read${name} = (cursor: Cursor): ${name}Row | undefined => {`,
        `const row = nextOf(${pool});`,
        'if (row === undefined || !opensRecord(cursor)) return undefined;',
        ...kept.map(({ key }) => `row${accessed(key)} = undefined;`),
        'do {',
        'switch (readKey(cursor)) {',
        ...kept.flatMap(({ key, call, isBad }) => [
          `case ${readKeyOf(key, path).hash}: // ${key}`,
          `if (${otherKey(key, path)}${isBad(`(row${accessed(key)} = ${call})`)}) return undefined;`,
          'break;',
        ]),
        ...members
          .filter((member) => !kept.includes(member))
          .map(({ key }) => `case ${readKeyOf(key, path).hash}: // ${key}, which is not to be there`),
        'case NO_KEY:',
        'return undefined;',
        'default:',
        'if (!skipValue(cursor)) return undefined;',
        '}',
        '} while (goesOn(cursor));',
        `return closesRecord(cursor) && (${record.alternatives.map((each) => `${names.get(each) ?? ''}(row)`).join(' || ')}) ? row : undefined;`,
        '};',
      );
    });
  };

  /** What is still to be asked of a member that was read as `gives`. */
  const conditions = (grammar: Grammar, gives: Grammar, value: string, isRequired: boolean): readonly string[] => {
    const refused = refusal(grammar, gives, value);
    if (refused.length === 0) return isRequired ? [`${value} !== undefined`] : [];
    const fits = fitting(grammar, gives, value);
    return isRequired
      ? [`${value} !== undefined`, `(${fits.join(' || ')})`]
      : [`(${[`${value} === undefined`, ...fits].join(' || ')})`];
  };

  /** The condition under which a value that was read as `gives` is not what the grammar takes; none where it always is. */
  const refusal = (grammar: Grammar, gives: Grammar, value: string): readonly string[] => {
    const isWhole = kinds.every((kind) => gives[kind] === undefined || grammar[kind] !== undefined);
    const isAsItIs = gives.text === undefined || (grammar.text === raw && grammar.texts === undefined);
    if (isWhole && isAsItIs && itemsFit(grammar, gives) === '' && rowFits(grammar, gives, value) === '') return [];
    return [`!(${fitting(grammar, gives, value).join(' || ')})`];
  };

  const fitting = (grammar: Grammar, gives: Grammar, value: string): readonly string[] => {
    // Of what can be one thing alone it need not be asked what it is.
    const isOne = kinds.filter((kind) => gives[kind] !== undefined).length === 1;
    const being = (is: string, fits: string): string => (fits === '' ? is : isOne ? fits : `(${is} && ${fits})`);
    const items = itemsFit(grammar, gives);
    return [
      ...(gives.text && grammar.text === raw
        ? (grammar.texts?.map((text) => `${value} === ${quoted(text)}`) ?? [`typeof ${value} === 'string'`])
        : []),
      ...(gives.number && grammar.number ? [`typeof ${value} === 'number'`] : []),
      ...(gives.boolean && grammar.boolean ? [`typeof ${value} === 'boolean'`] : []),
      ...(gives.null && grammar.null ? [`${value} === null`] : []),
      ...((gives.list && grammar.list) || (gives.tuple && grammar.tuple)
        ? [being(`Array.isArray(${value})`, items && `${value}.every(${items})`)]
        : []),
      ...(gives.record && grammar.record ? [being(`isRecord(${value})`, rowFits(grammar, gives, value))] : []),
    ];
  };

  /** The function that says whether an item of a list fits, where not all do. */
  const itemsFit = ({ list }: Grammar, { list: given }: Grammar): string => {
    if (!list || !given || list === given) return '';
    const { gives } = readingOf(given, '');
    return refusal(list, gives, 'item').length === 0 ? '' : `(item) => ${fitting(list, gives, 'item').join(' || ')}`;
  };

  const rowFits = ({ record }: Grammar, { record: given }: Grammar, value: string): string =>
    !record || !given || record.alternatives.length === given.alternatives.length
      ? ''
      : `(${record.alternatives.map((each) => `${names.get(each) ?? ''}(${value})`).join(' || ')})`;

  return { functions, pools, readingOf, refusal };
};

/** `Frame.data.ask_prices` as `FrameDataAskPrices`. */
const nameOf = (path: string): string =>
  path.replace(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
