const ts = require('typescript');

/** A Jest transformer: an ES module as CommonJS. */
module.exports = {
  process: (text, path) => {
    const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
    return { code: ts.transpileModule(text, { fileName: path.replace(/\.mjs$/, '.js'), compilerOptions }).outputText };
  },
};
