import type { Msg, NatsConnection, SubscriptionOptions } from '@nats-io/nats-core';

/** A connection on which messages are lost on their way in, as a server loses those of a client that is too slow. */
export const lossy = (nats: NatsConnection, isLost: (message: Msg) => boolean): NatsConnection =>
  new Proxy(nats, {
    get: (target, key) => {
      if (key === 'subscribe') {
        return (subject: string, options: SubscriptionOptions = {}) => {
          const { callback } = options;
          if (!callback || !subject.startsWith('rxtape.')) return target.subscribe(subject, options);
          return target.subscribe(subject, {
            ...options,
            callback: (error, message) => {
              if (error || !isLost(message)) void callback(error, message);
            },
          });
        };
      }
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
