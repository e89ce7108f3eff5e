import { join, resolve } from 'node:path';

/** Where one app keeps its views. */
export type DatabaseLocation =
  | { kind: 'sqlite'; file: string }
  | { kind: 'postgresql'; url: string; schema: string };

/** What the address of an app's database is made of. */
export type DatabaseSettings = {
  /**
   * `DATABASE_URL`. `sqlite:///dir/x.db` is `/dir/x.db`; `sqlite:///x.db` and `sqlite:///./dir/x.db` are relative
   * to the working directory; `postgres://…` and `postgresql://…` go to the server as they are.
   */
  databaseUrl?: string | undefined;
  /** Used when there is no `databaseUrl`. */
  dataDir: string;
  /** Gets a file or a schema of its own, so that no app reads another's tables. */
  app: string;
};

/** @throws Error saying which forms there are */
export const locateDatabase = ({ databaseUrl: url, dataDir, app }: DatabaseSettings): DatabaseLocation => {
  if (url === undefined) return { kind: 'sqlite', file: resolve(join(dataDir, `rts.${app}.db`)) };
  if (/^postgres(ql)?:\/\//.test(url)) return { kind: 'postgresql', url, schema: `rts_${app}` };
  const sqlitePath = /^sqlite:\/\/(?<path>\/.+)$/.exec(url)?.groups?.path;
  if (sqlitePath === undefined) {
    throw new Error('DATABASE_URL must be sqlite:///dir/file.db or postgresql://user:password@host/database');
  }
  return { kind: 'sqlite', file: fileOfApp(resolve(asFilePath(sqlitePath)), app) };
};

/** A bare name or a path that begins with a dot is meant to be relative, whatever stands before it. */
const asFilePath = (path: string): string =>
  /^\/(\.{1,2}\/|[^/]+$)/.test(path) ? path.slice(1) : path.replace(/^\/+/, '/');

/** `x.db` → `x.<app>.db` */
const fileOfApp = (file: string, app: string): string => {
  const [, stem = file, extension = ''] = /^(.*?)(\.[^./]+)?$/.exec(file) ?? [];
  return `${stem}.${app}${extension}`;
};
