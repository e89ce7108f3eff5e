import { Injectable } from '@nestjs/common';
/** The provisionings this process is busy with: settling leaves them alone. */
@Injectable()
export class InFlight {
  private readonly runnerIds = new Set<string>();

  async during<T>(runnerId: string, work: () => Promise<T>): Promise<T> {
    this.runnerIds.add(runnerId);
    try {
      return await work();
    } finally {
      this.runnerIds.delete(runnerId);
    }
  }

  has(runnerId: string): boolean {
    return this.runnerIds.has(runnerId);
  }
}
