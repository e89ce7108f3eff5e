export { asked } from './asked.pipe.js';
export { Bus } from './bus.js';
export { type Asked, openEnvelope } from './envelope.js';
export { natsBus, natsServer } from './nats-options.js';
export { ProblemReplyFilter } from './problem-reply.filter.js';
