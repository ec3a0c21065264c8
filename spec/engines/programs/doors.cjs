// Opens each door by `require`, in a program that is CommonJS itself.
const { exports: doors } = require('rxtape/package.json');
for (const door of Object.keys(doors)) {
  if (Object.keys(require(`rxtape${door.slice(1)}`)).length === 0) throw new Error(`${door} gives nothing`);
}
