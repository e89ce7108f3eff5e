import { describe, expect, it } from '@jest/globals';
import { locateDatabase } from './database-url.js';

const located = (url?: string) => locateDatabase({ databaseUrl: url, dataDir: '/var/rts', app: 'audit' });

describe('where an app keeps its views', () => {
  it.each([
    [undefined, '/var/rts/rts.audit.db'],
    ['sqlite:////srv/data/views.db', '/srv/data/views.audit.db'],
    ['sqlite:///srv/data/views.db', '/srv/data/views.audit.db'],
    ['sqlite:///./runner_service.db', `${process.cwd()}/runner_service.audit.db`],
    ['sqlite:///runner_service.db', `${process.cwd()}/runner_service.audit.db`],
    ['sqlite:///./v1.2/views', `${process.cwd()}/v1.2/views.audit`],
  ])('%s is the file %s', (url, file) => {
    expect(located(url)).toEqual({ kind: 'sqlite', file });
  });

  it.each(['postgres://rts@db/rts', 'postgresql://rts:p%40ss@db:5433/rts?sslmode=require'])(
    '%s is a schema of the app',
    (url) => {
      expect(located(url)).toEqual({ kind: 'postgresql', url, schema: 'rts_audit' });
    },
  );

  it.each(['mysql://db/rts', 'sqlite://', 'views.db'])('%s is refused', (url) => {
    expect(() => located(url)).toThrow('DATABASE_URL must be');
  });
});
