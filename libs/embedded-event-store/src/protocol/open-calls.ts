/** The calls in progress, so that stopping can end them. */
export class OpenCalls {
  readonly #endings = new Set<() => void>();

  get count(): number {
    return this.#endings.size;
  }

  /**
   * @param end ends the call on behalf of a stopping server
   * @returns to be called when the call is over by itself
   */
  add(end: () => void): () => void {
    this.#endings.add(end);
    return () => this.#endings.delete(end);
  }

  endAll(): void {
    for (const end of [...this.#endings]) end();
  }
}
