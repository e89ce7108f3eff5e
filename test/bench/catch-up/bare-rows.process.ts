import { DatabaseSync } from 'node:sqlite';
import { runnerLives } from '../facts/runner-lives.js';
import { answer } from '../processes/worker.js';

/** Reads as many rows of the same facts from SQLite, in pages, and parses them. */
export type BareRowsTask = { file: string; count: number };

const PAGE = 500;
let database: DatabaseSync | undefined;

const fill = (file: string, count: number): DatabaseSync => {
  const filled = new DatabaseSync(file);
  filled.exec(
    'create table fact (position integer primary key, stream text, type text, id text, metadata blob, data blob)',
  );
  const insert = filled.prepare('insert into fact values (?, ?, ?, ?, ?, ?)');
  filled.exec('begin');
  let position = 0;
  for (const { id, stream, event, metadata } of runnerLives(count)) {
    const blobs = [metadata, event.data].map((part) => Buffer.from(JSON.stringify(part)));
    insert.run(++position, stream, event.type, id, blobs[0] ?? null, blobs[1] ?? null);
  }
  filled.exec('commit');
  return filled;
};

answer<BareRowsTask, { perSecond: number }>(async ({ file, count }) => {
  database ??= fill(file, count);
  const select = database.prepare('select * from fact where position > ? order by position limit ?');
  const startedAt = performance.now();
  let read = 0;
  for (let position = 0; read < count; ) {
    const page = select.all(position, PAGE) as { position: number; metadata: Uint8Array; data: Uint8Array }[];
    if (page.length === 0) break;
    for (const { metadata, data } of page) {
      JSON.parse(Buffer.from(metadata).toString());
      JSON.parse(Buffer.from(data).toString());
    }
    position = page.at(-1)?.position ?? position;
    read += page.length;
  }
  return { perSecond: (1000 * read) / (performance.now() - startedAt) };
});
