/** Names of the parts that are interfaces or values and so cannot be asked for by their class. */
export const EVENT_STORE = Symbol('EventStore');
export const GITHUB = Symbol('Github');
export const DATABASE = Symbol('Database');
export const INSTALLATION = Symbol('Installation');
export const MODE = Symbol('Mode');
export const APP_HOOK = Symbol('AppHook');
