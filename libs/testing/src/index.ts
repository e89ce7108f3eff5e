export { POSTGRES_MISSING, postgresPrograms, startPostgres, type TestPostgres } from './postgres.js';
