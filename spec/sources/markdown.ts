/** A fenced block of a page. */
export interface Block {
  /** All that stands behind the fence: `ts`, `sh`. */
  readonly info: string;
  /** Its first word. */
  readonly language: string;
  /** The line of the fence, from 1. */
  readonly line: number;
  readonly code: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*(.*)$/;

/** The fenced blocks of a page, and the page with their lines left empty. */
const split = (text: string): { readonly blocks: readonly Block[]; readonly prose: readonly string[] } => {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let open: { fence: string; info: string; line: number; code: string[] } | undefined;
  text.split('\n').forEach((content, index) => {
    const [, fence = '', info = ''] = FENCE.exec(content) ?? [];
    if (!open && fence) open = { fence, info: info.trim(), line: index + 1, code: [] };
    else if (open && fence.startsWith(open.fence) && info === '') {
      const { code, ...rest } = open;
      blocks.push({ ...rest, language: open.info.split(/[\s{]/)[0] ?? '', code: code.join('\n') });
      open = undefined;
    } else if (open) open.code.push(content);
    prose.push(open || fence ? '' : content);
  });
  return { blocks, prose };
};

export const blocksOf = (text: string): readonly Block[] => split(text).blocks;

/** The relative links and pictures of a page, with their lines. */
export const linksOf = (text: string): readonly { readonly line: number; readonly target: string }[] =>
  split(text).prose.flatMap((content, index) =>
    [...content.replace(/`[^`]*`/g, '').matchAll(/\]\(\s*<?([^)\s>]+)|^\[[^\]]+\]:\s*(\S+)|\b(?:src|href)="([^"]+)"/g)]
      .map(([, inline, reference, html]) => inline ?? reference ?? html ?? '')
      .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
      .map((target) => ({ line: index + 1, target })),
  );

/** The anchors that GitHub gives the headings of a page. */
export const headingsOf = (text: string): readonly string[] => {
  const seen = new Map<string, number>();
  return split(text).prose.flatMap((content) => {
    const [, heading] = /^ {0,3}#{1,6}\s+(.*?)\s*#*$/.exec(content) ?? [];
    if (heading === undefined) return [];
    const shown = heading.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = shown.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return [times === 0 ? slug : `${slug}-${times}`];
  });
};
