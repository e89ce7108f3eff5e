export { freePort } from './free-port.js';
export { given } from './given.js';
export { NATS_MISSING, natsServerProgram, startNats, type TestNats } from './nats-server.js';
export { POSTGRES_MISSING, postgresPrograms, startPostgres, type TestPostgres } from './postgres.js';
