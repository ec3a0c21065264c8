/**
 * The credential of every spec that logs in. It is written differently in a URL, in a form and in JSON, and nothing else
 * looks like it; all that a run of the specs leaves behind is searched for it.
 */
exports.SECRET = 'tell-nobody/2abf6c0 "rx&tape"';
