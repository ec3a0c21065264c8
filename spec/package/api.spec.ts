import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { doors } from '../sources/doors.js';
import { folder } from './consumer.js';

/** Out of `node_modules`, where everything would count as somebody else's. */
const project = mkdtempSync(join(folder, 'api-'));
cpSync(join(folder, 'node_modules/rxtape'), project, { recursive: true });

/** All that a door promises, as declarations in alphabetical order. */
const surfaceOf = (types: string): string => {
  const entry = join(project, types);
  const compilerOptions = { target: 'es2022', module: 'esnext', moduleResolution: 'bundler', strict: true };
  const none = { default: { logLevel: ExtractorLogLevel.None } };
  const extractorConfig = ExtractorConfig.prepare({
    configObject: {
      projectFolder: project,
      mainEntryPointFilePath: entry,
      compiler: { overrideTsconfig: { compilerOptions, files: [entry] } },
      apiReport: { enabled: true, reportFileName: 'door', reportFolder: project, reportTempFolder: project },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      newlineKind: 'lf',
      messages: { compilerMessageReporting: none, extractorMessageReporting: none, tsdocMessageReporting: none },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(project, 'package.json'),
  });
  Extractor.invoke(extractorConfig, { localBuild: true, messageCallback: (message) => (message.handled = true) });
  const report = readFileSync(join(project, 'door.api.md'), 'utf8');
  const declarations = /```ts\n([^]*?)\/\/ \(No @packageDocumentation/.exec(report)?.[1] ?? report;
  return declarations.replace(/^ *\/\/ \(undocumented\)\n| \(undocumented\)$/gm, '');
};

/** A change of these is a change for users: look at the difference, and accept it with `npm run release:accept`. */
describe('the public surface', () => {
  it.each(doors)('of $name is the reviewed one', ({ node }) => {
    expect(surfaceOf(`dist/cjs/${node.replace(/\.ts$/, '.d.ts')}`)).toMatchSnapshot();
  });
});
