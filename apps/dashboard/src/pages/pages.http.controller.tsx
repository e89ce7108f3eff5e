import { Controller, Get, Header, Headers, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type Caller, Problem } from '#libs/contracts';
import { PassedCaller } from '../caller/passed-caller.js';
import { lastEventIdInvalid } from '../event-stream/last-event-id.js';
import { findAsset } from './assets.js';
import { FleetPages } from './fleet-page.js';
import { FleetTable } from './fleet-table.js';
import { FleetDocument } from './layout.js';
import { LivePages } from './live-pages.js';
import { readPageQuery } from './page-query.js';

/** Nothing from elsewhere, nothing inline; not to be framed. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const YEAR_SECONDS = 31_536_000;

@Controller('dashboard')
export class PagesHttpController {
  constructor(
    private readonly pages: FleetPages,
    private readonly live: LivePages,
  ) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', CONTENT_SECURITY_POLICY)
  @Header('cache-control', 'no-store')
  @Header('referrer-policy', 'no-referrer')
  @Header('x-content-type-options', 'nosniff')
  async fleet(@PassedCaller() caller: Caller, @Query() query: unknown): Promise<string> {
    const fleet = await this.pages.page(caller, readPageQuery(query));
    return <FleetDocument fleet={fleet} />;
  }

  @Get('events')
  async events(
    @PassedCaller() caller: Caller,
    @Query() query: unknown,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (lastEventId !== undefined && !/^-?\d{1,19}$/.test(lastEventId))
      throw lastEventIdInvalid('must be a log position: decimal digits');
    const pageQuery = readPageQuery(query);
    const render = async () => {
      const fleet = await this.pages.page(caller, pageQuery);
      return { html: await (<FleetTable fleet={fleet} />), position: fleet.position };
    };
    await render();
    reply.hijack();
    this.live.open(reply.raw, render);
  }

  @Get('assets/:name')
  asset(
    @Param('name') name: string,
    @Query('v') version: string | undefined,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    const asset = findAsset(name);
    if (!asset) throw new Problem('route-unknown', `There is no /dashboard/assets/${name}.`);
    const lasting = version !== undefined && asset.etag === `"${version}"`;
    reply
      .header('etag', asset.etag)
      .header('cache-control', lasting ? `public, max-age=${YEAR_SECONDS}, immutable` : 'public, no-cache')
      .header('x-content-type-options', 'nosniff');
    if (known === asset.etag) reply.status(304).send();
    else reply.type(asset.type).send(asset.body);
  }
}
