import { administratorsOnly, type CallerDescription, type RequestContext, subjects } from '#libs/contracts';
import type { Asking } from '../provisioner-calls.js';

/**
 * Who asks, when only administrators may: who that is, the provisioner knows.
 * @throws Problem `admin-required`, and whatever the provisioner refuses the caller with
 */
export const administrator = async (bus: Asking, context: RequestContext): Promise<CallerDescription> => {
  const caller = await bus.ask(subjects.describeCaller, {}, context);
  administratorsOnly(caller);
  return caller;
};
