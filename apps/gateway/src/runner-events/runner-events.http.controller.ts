import { Controller, Get, Headers } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { examples, feedEntrySchema } from '#libs/contracts';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answersEvents, mayAnswer, WHEN_RECORDING } from '../http/answers.js';
import { DashboardStreams } from './dashboard-streams.js';

const DESCRIPTION = `Server-sent events, one per fact in the life of a runner you may see at that moment, in the order of the log.

- \`event: runner\`, \`id\` = log position, \`data\` = \`{type, at, runner}\`. \`type\` is a word of the timeline and of audit records; \`runner\` is the runner as it is by now, so several events that are read late may show the same.
- Without \`Last-Event-ID\` you are told what happens from now on. With the newest id you have got you are told everything since, also after an outage on either side; \`0\` begins with the first fact of all. An id beyond the end of the log is refused.
- An event without \`data\` carries an \`id\` alone: at the beginning, and now and then while there is nothing to tell. Keep it as any other.
- Every 15 seconds there is a comment. A stream ends when your token expires, when you are deactivated, when you take nothing for 30 seconds, and when the service is restarted: come again with the newest id.
- A caller may have 100 of them open at a time, unless rate limits are off; one more is \`rate-limited\`.`;

@ApiTags('runners')
@ApiBearerAuth()
@Controller('api/v1/runners/events')
export class RunnerEventsHttpController {
  constructor(private readonly streams: DashboardStreams) {}

  @Get()
  @ApiOperation({ summary: 'Follow your runners as they change', description: DESCRIPTION })
  @ApiHeader({ name: 'Last-Event-ID', description: 'The newest id you have got: a log position' })
  @answersEvents('runner', feedEntrySchema, {
    id: '4711',
    data: { type: 'online', at: '2026-03-01T10:02:00.000Z', runner: examples.runner },
  })
  @mayAnswer('request-invalid', ...WHEN_RECORDING)
  follow(@Headers('last-event-id') lastEventId: string | undefined, @AskedBy() asking: Asking) {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    return this.streams.follow('/runners/events', headers, asking);
  }
}
