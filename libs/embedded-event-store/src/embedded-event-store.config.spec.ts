import { ConfigurationError, readConfig } from './embedded-event-store.config.js';

const faultsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    return error instanceof ConfigurationError ? error.faults : [String(error)];
  }
};

describe('the configuration of the event store', () => {
  it('needs nothing but the file', () =>
    expect(readConfig({ EVENT_STORE_FILE: '/data/events.sqlite', RUN_FILE: '' })).toEqual({
      host: '127.0.0.1',
      port: 2113,
      file: '/data/events.sqlite',
      internalPort: 0,
      runFile: undefined,
      scavengeIntervalSeconds: 3600,
      logLevel: 'info',
    }));

  it('reports all faults at once', () =>
    expect(
      faultsOf({ EVENT_STORE_HOST: '0.0.0.0', EVENT_STORE_PORT: '70000', NODE_ENV: 'production' }).map(
        (fault) => fault.split(':')[0],
      ),
    ).toEqual(['EVENT_STORE_HOST', 'EVENT_STORE_PORT', 'EVENT_STORE_FILE', 'NODE_ENV']));

  it.each(['localhost', '127.0.0.1', '127.1.2.3'])('may listen on %s', (host) =>
    expect(faultsOf({ EVENT_STORE_HOST: host, EVENT_STORE_FILE: 'x' })).toEqual([]),
  );
  it.each(['0.0.0.0', '192.168.1.2', '127.example.com', '::', 'example.com'])(
    'may not listen on %s',
    (host) => expect(faultsOf({ EVENT_STORE_HOST: host, EVENT_STORE_FILE: 'x' })).toHaveLength(1),
  );

  it('refuses production unless allowed in so many words', () => {
    expect(faultsOf({ EVENT_STORE_FILE: 'x', NODE_ENV: 'production' })).toHaveLength(1);
    expect(
      faultsOf({ EVENT_STORE_FILE: 'x', NODE_ENV: 'production', ALLOW_EMBEDDED_EVENT_STORE: 'true' }),
    ).toEqual([]);
  });
});
