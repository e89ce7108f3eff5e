/** One server-sent event; without data it carries an id alone. */
export type ServerSentEvent = { id: string | undefined; event: string | undefined; data: string | undefined };

/** The events of an answer as they come; ends when the answer does, however it does. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerSentEvent, undefined> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const field = (name: string) => {
          const values = lines.filter((line) => line.startsWith(`${name}: `));
          return values.length > 0 ? values.map((line) => line.slice(name.length + 2)).join('\n') : undefined;
        };
        yield { id: field('id'), event: field('event'), data: field('data') };
      }
    }
  } catch {
    // the connection was cut, from there or from here
  }
  return undefined;
}
