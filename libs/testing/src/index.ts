export { freePort } from './free-port.js';
export { given } from './given.js';
export { NATS_MISSING, natsServerProgram, startNats, type TestNats } from './nats-server.js';
export { type DatabaseSuite, onEachDatabase } from './on-each-database.js';
export { POSTGRES_MISSING, postgresPrograms, startPostgres, type TestPostgres } from './postgres.js';
export { type Random, randomOf } from './random.js';
export { recorded } from './recorded.js';
export { AUDIENCE, startTestIssuer, type TestIssuer } from './test-issuer.js';
export {
  GITHUB_ACTIONS_ISSUER,
  githubActionsClaims,
  KUBERNETES_ISSUER,
  kubernetesClaims,
} from './token-shapes.js';
