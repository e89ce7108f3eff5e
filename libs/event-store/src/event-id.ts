import { v5 as uuidv5 } from 'uuid';

const NAMESPACE = '4f1c5f0e-7d0b-4f0a-9d7e-0f3a1b1a6c52';

/**
 * Event ids are a function of the command and the place of the event in its answer, so that an append whose
 * answer was lost can be sent again as it was and the store recognises it.
 */
export const eventIdOf = (commandId: string, stream: string, index: number): string =>
  uuidv5(`${commandId}/${stream}/${index}`, NAMESPACE);

/** An id that is the same for the same words: one security event per caller, code and minute, for example. */
export const idFromWords = (...words: string[]): string => uuidv5(words.join('\n'), NAMESPACE);
