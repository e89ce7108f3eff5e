export { asked } from './asked.pipe.js';
export { AskedCommand, AskedQuery } from './asked-messages.js';
export { Bus } from './bus.js';
export { type Asked, openEnvelope } from './envelope.js';
export { healthNatsController } from './health.nats.controller.js';
export { natsBus, natsServer } from './nats-options.js';
export { type Doors, openDoors } from './open-doors.js';
export { ProblemReplyFilter } from './problem-reply.filter.js';
