import { posix } from 'node:path';
import ts from 'typescript';
import { isFile, textOf } from './files.js';

export interface Import {
  /** `model/topic.ts` for a file of the library, otherwise the name as written: `rxjs`, `node:http`. */
  readonly target: string;
  readonly internal: boolean;
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean;
}

/** Everything a file of the library imports, re-exports, loads on demand or names in an `import('…')` type. */
export const importsOf = (file: string): readonly Import[] => {
  const found: Import[] = [];
  const add = (specifier: ts.Node, typeOnly: boolean): void => {
    if (!ts.isStringLiteral(specifier)) throw new Error(`${file} imports what only run time knows`);
    const internal = specifier.text.startsWith('.');
    const target = internal ? posix.join(posix.dirname(file), specifier.text).replace(/\.js$/, '.ts') : specifier.text;
    found.push({ target, internal, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isErased(node.importClause));
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier, isErased(node));
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0]!, false);
    } else ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest));
  return found;
};

/** Whether an import or re-export names types only. */
const isErased = (clause: ts.ImportClause | ts.ExportDeclaration | undefined): boolean => {
  if (clause === undefined) return false;
  if (ts.isExportDeclaration(clause)) {
    return clause.isTypeOnly || (!!clause.exportClause && allTypes(clause.exportClause));
  }
  return (
    clause.phaseModifier === ts.SyntaxKind.TypeKeyword ||
    (!clause.name && !!clause.namedBindings && allTypes(clause.namedBindings))
  );
};

const allTypes = (names: ts.NamedImportBindings | ts.NamedExportBindings): boolean =>
  'elements' in names && names.elements.length > 0 && names.elements.every(({ isTypeOnly }) => isTypeOnly);

/** The files and packages that an import of these files brings in at run time, the files themselves included. */
export const loadedBy = (...files: readonly string[]): ReadonlySet<string> =>
  reachedFrom(files, ({ typeOnly }) => !typeOnly);

/** The files and packages that one gets to from these files, the files themselves included. */
export const reachedFrom = (files: readonly string[], follows: (to: Import) => boolean = () => true) => {
  const reached = new Set<string>();
  const reach = (target: string, internal: boolean): void => {
    if (reached.has(target)) return;
    reached.add(target);
    if (internal && isFile(target))
      importsOf(target)
        .filter(follows)
        .forEach((to) => reach(to.target, to.internal));
  };
  files.forEach((file) => reach(file, true));
  return reached;
};
