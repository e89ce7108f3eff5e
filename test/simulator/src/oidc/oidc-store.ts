import { AsyncLocalStorage } from 'node:async_hooks';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';
import type { OidcClient } from './clients.js';

interface StoredPayload {
  key: string;
  payload: AdapterPayload;
  /** Milliseconds since 1970; absent: no end. */
  expiresAt?: number;
}

/** How the current token request authenticates its client. */
export const clientAuthentication = new AsyncLocalStorage<'client_secret_basic' | 'client_secret_post'>();

/** Sessions, grants, codes and refresh tokens of the issuer, kept in the simulator's file. */
export class OidcStore {
  private readonly payloads: Collection<StoredPayload>;

  constructor(
    database: Database,
    private readonly clients: readonly OidcClient[],
  ) {
    this.payloads = database.collection('oidc', ({ key }) => key);
  }

  /** What oidc-provider wants for one kind of thing. */
  adapter(model: string): Adapter {
    const keyOf = (id: string) => `${model}:${id}`;
    const findBy = async (fits: (payload: AdapterPayload) => boolean) => {
      for (const { key, payload } of this.payloads.values()) {
        if (key.startsWith(`${model}:`) && fits(payload)) return this.alive(key);
      }
      return undefined;
    };
    return {
      upsert: async (id, payload, expiresIn) => {
        this.forgetExpired();
        this.payloads.put({
          key: keyOf(id),
          payload,
          ...(expiresIn === undefined ? {} : { expiresAt: Date.now() + expiresIn * 1000 }),
        });
      },
      find: async (id) => (model === 'Client' ? this.client(id) : this.alive(keyOf(id))),
      findByUid: (uid) => findBy((payload) => payload.uid === uid),
      findByUserCode: (userCode) => findBy((payload) => payload.userCode === userCode),
      consume: async (id) => {
        const stored = this.payloads.get(keyOf(id));
        if (!stored) return;
        const consumed = Math.floor(Date.now() / 1000);
        this.payloads.put({ ...stored, payload: { ...stored.payload, consumed } });
      },
      destroy: async (id) => {
        this.payloads.delete(keyOf(id));
      },
      revokeByGrantId: async (grantId) => {
        for (const { key, payload } of this.payloads.values()) {
          if (payload.grantId === grantId) this.payloads.delete(key);
        }
      },
    };
  }

  /** A client may send its secret in the header or in the form, as with most issuers. */
  private client(id: string): AdapterPayload | undefined {
    const client = this.clients.find(({ client_id }) => client_id === id);
    const method = clientAuthentication.getStore() ?? 'client_secret_basic';
    return client && { ...client, token_endpoint_auth_method: method };
  }

  private alive(key: string): AdapterPayload | undefined {
    const stored = this.payloads.get(key);
    return stored && (stored.expiresAt ?? Number.POSITIVE_INFINITY) > Date.now() ? stored.payload : undefined;
  }

  private forgetExpired(): void {
    const now = Date.now();
    for (const { key, expiresAt } of this.payloads.values()) {
      if (expiresAt !== undefined && expiresAt <= now) this.payloads.delete(key);
    }
  }
}
