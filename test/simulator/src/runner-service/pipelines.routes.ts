import type { FastifyInstance } from 'fastify';
import { runnerServicePaths } from './urls.js';

/** The one question of the older protocol that runners of the newer one still ask. */
export function servePipelines(http: FastifyInstance): void {
  http.get(`${runnerServicePaths.pipelines}_apis/connectionData`, () => ({
    instanceId: '8d9c5f7e-52a5-4f0e-8bd6-64c4f1c3a2b7',
    deploymentId: '8d9c5f7e-52a5-4f0e-8bd6-64c4f1c3a2b7',
    deploymentType: 'hosted',
    locationServiceData: { serviceOwner: '00000000-0000-0000-0000-000000000000', lastChangeId: 1 },
  }));
}
