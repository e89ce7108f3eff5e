import { describe, expect, it } from '@jest/globals';
import { eventMetadataSchema, factSchemas } from '#libs/contracts';
import { FACTS_PER_LIFE, runnerLives } from './runner-lives.js';

describe('the lives of runners', () => {
  const facts = [...runnerLives(4_000)];

  it('are facts as the service records them', () => {
    for (const { event, metadata } of facts) {
      expect(factSchemas[event.type].parse(event.data)).toEqual(event.data);
      expect(eventMetadataSchema.parse(metadata)).toEqual(metadata);
    }
  });

  it('go from the request to the end, several side by side', () => {
    const [first] = facts;
    const life = facts.filter(({ stream }) => stream === first?.stream);
    expect(life.map(({ event }) => event.type)).toEqual([
      'RunnerProvisioningRequested',
      'RunnerJitConfigIssued',
      'RunnerCameOnline',
      'RunnerStartedWorkflowJob',
      'RunnerCompletedWorkflowJob',
      'RunnerDeleted',
    ]);
    expect(life).toHaveLength(FACTS_PER_LIFE);
    expect(facts[1]?.stream).not.toBe(first?.stream);
  });

  it('have ids of their own, the same at every call', () => {
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
    expect([...runnerLives(10)]).toEqual(facts.slice(0, 10));
  });
});
