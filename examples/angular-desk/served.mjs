
  const [speed, begin, nats] = process.argv.slice(2).map(Number);
  const now = Date.now;
  Date.now = () => begin + speed * (now() - begin);
  const { serveDesk } = await import('./serve.mjs');
  const { url, key, simulator, nats: server } = await serveDesk({ nats: nats === 1 });
  process.on('message', async ({ id, vendor, act, value }) => {
    const control = simulator[vendor];
    if (act === 'drop') control.drop();
    if (act === 'outage') {
      control.mute();
      control.drop();
      setTimeout(() => control.mute(false), 1_000 * value);
    }
    if (act === 'refuse') {
      if (value) control.refuseUpgrades(503);
      else control.allowUpgrades();
      if (value) control.drop();
    }
    if (act === 'halt') simulator.halt(value);
    if (act === 'resume') simulator.resume(value);
    if (act === 'sweep') simulator.sweep(...value);
    if (act === 'refuseHistory') {
      if (value) control.rest.refuse(200, { body: '{"code":"E002","msg":"auth failed"}' });
      else control.rest.mend();
    }
    if (act === 'stopNats') await server.stop();
    if (act === 'startNats') await server.start();
    const { live, accepted, commands, topics } = control;
    process.send({ id, live, accepted, commands, topics });
  });
  process.on('disconnect', () => process.exit());
  process.send({ url, key, restUrl: simulator.restUrl });