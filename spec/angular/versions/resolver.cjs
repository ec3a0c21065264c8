const { env } = require('node:process');

/** A Jest resolver: Angular is that of the folder in `RXTAPE_ANGULAR`. */
module.exports = (path, options) =>
  options.defaultResolver(path, path.startsWith('@angular/') ? { ...options, basedir: env.RXTAPE_ANGULAR } : options);
