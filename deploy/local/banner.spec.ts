import { describe, expect, it } from '@jest/globals';
import { banner } from './banner.js';
import { readConfiguration } from './configuration/configuration.js';

const shown = (variables: Record<string, string>, token?: string) =>
  banner(readConfiguration(variables, '/srv/rts'), token);

describe('the banner', () => {
  it('says that everything is simulated and gives a call that can be pasted', () => {
    const text = shown({}, 'a.b.c');
    expect(text).toContain('SIMULATOR MODE');
    expect(text.split('\n')).toContain(
      '  curl -sS -X POST http://localhost:8000/api/v1/runners/jit -H "Authorization: Bearer a.b.c" ' +
        `-H 'Content-Type: application/json' -d '{"runner_name_prefix":"demo","labels":["gpu"]}'`,
    );
    expect(text).toContain('\n  npm run demo:runner -- "$JIT_CONFIG"');
  });

  it('shows a call without a token when nobody needs one', () => {
    const text = shown({ ENABLE_OIDC_AUTH: 'false' });
    expect(text).toContain('Authentication is OFF');
    expect(text).not.toContain('Bearer');
  });

  it('reads the token from where it is kept', () => {
    expect(shown({ DATA_DIR: '/tmp/x y' }, 'a.b.c')).toContain(
      `TOKEN=$(node -p 'require("/tmp/x y/run/dev.json").token')`,
    );
  });
});
