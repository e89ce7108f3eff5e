import { compileFilter, type FilterExpression } from './event-filter.js';

const order = { streamName: 'order-1', type: 'OrderPlaced' };
const passes = (
  on: FilterExpression['on'],
  regex: string,
  prefixes: readonly string[],
  header = order,
): boolean => compileFilter({ on, regex, prefixes })(header);

describe('a filter', () => {
  it('on stream names lets any of its prefixes pass', () => {
    expect(passes('stream-name', '', ['invoice-', 'order-'])).toBe(true);
    expect(passes('stream-name', '', ['rder-', 'invoice-'])).toBe(false);
  });
  it('on event types does not look at stream names', () => {
    expect(passes('event-type', '', ['Order'])).toBe(true);
    expect(passes('event-type', '', ['order-'])).toBe(false);
  });
  it('takes an expression as it is, not anchored', () => {
    expect(passes('stream-name', 'der', [])).toBe(true);
    expect(passes('stream-name', '^der', [])).toBe(false);
  });
  it('goes by its expression when it has prefixes, too', () => {
    expect(passes('stream-name', '^invoice', ['order-'])).toBe(false);
  });
  it('knows the one that excludes system events', () => {
    expect(passes('event-type', '^[^$].*', [])).toBe(true);
    expect(passes('event-type', '^[^$].*', [], { streamName: '$$order-1', type: '$metadata' })).toBe(false);
  });
  it('without expression and prefixes lets nothing pass', () =>
    expect(passes('stream-name', '', [])).toBe(false));
  it('that is no expression cannot be compiled', () =>
    expect(() => compileFilter({ on: 'event-type', regex: '(', prefixes: [] })).toThrow(SyntaxError));
});
