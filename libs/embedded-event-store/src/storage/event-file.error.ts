/** The file cannot be used as an event store; the message says which file, why, and what to do. */
export class EventFileError extends Error {
  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`The event store file ${file} ${reason}`, options);
    this.name = 'EventFileError';
  }
}
