
  const [speed, begin] = process.argv.slice(2).map(Number);
  const now = Date.now;
  Date.now = () => begin + speed * (now() - begin);
  const { serveDesk } = await import('./serve.mjs');
  const { url, simulator } = await serveDesk();
  process.on('message', ({ id, vendor, act, value }) => {
    const control = simulator[vendor];
    if (act === 'drop') control.drop();
    if (act === 'outage') {
      control.mute();
      control.drop();
      setTimeout(() => control.mute(false), 1_000 * value);
    }
    if (act === 'refuseHistory') {
      if (value) control.rest.refuse(200, { body: '{"code":"E002","msg":"auth failed"}' });
      else control.rest.mend();
    }
    const { live, accepted, commands, topics } = control;
    process.send({ id, live, accepted, commands, topics });
  });
  process.on('disconnect', () => process.exit());
  process.send({ url, restUrl: simulator.restUrl });