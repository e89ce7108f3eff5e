import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';
import { type Repository, repositoryId } from './repository.js';

/** The organisation's repositories: whatever name is asked of is one, private unless said otherwise before. */
export class Repositories {
  private readonly repositories: Collection<Repository>;

  constructor(database: Database) {
    this.repositories = database.collection('repository', ({ name }) => repositoryId(name));
    this.ensure('demo');
  }

  /** The repository of this name; a name never heard of before becomes a private one. */
  ensure(name: string): Repository {
    return this.find(name) ?? this.put({ name, private: true });
  }

  find(name: string): Repository | undefined {
    return this.repositories.get(repositoryId(name));
  }

  get(id: number): Repository | undefined {
    return this.repositories.get(id);
  }

  all(): Repository[] {
    return [...this.repositories.values()];
  }

  put(repository: Repository): Repository {
    return this.repositories.put(repository);
  }
}
