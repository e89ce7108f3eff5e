import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** How other processes find the simulator. */
export interface RunFile {
  app: 'simulator';
  pid: number;
  internal_url: string;
  github_api_url: string;
  oidc_issuer: string;
}

/** Writes the file whole or not at all, readable for its owner only. */
export function writeRunFile(path: string, contents: RunFile): void {
  const draft = `${path}.${process.pid}`;
  rmSync(draft, { force: true });
  writeFileSync(draft, `${JSON.stringify(contents)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}
