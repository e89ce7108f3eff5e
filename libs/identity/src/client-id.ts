import { type Claims, nameIn } from './token-claims.js';

/** How some issuers write the subject of a client that acts by itself. */
const AS_SUBJECT = /@clients$/;

/**
 * The client a token stands for, if it acts by itself: `azp` and `client_id` name the application of a person who
 * signed in through it just as well, so a token has to show that there is none.
 */
export const clientIdIn = (claims: Claims, claim = 'sub'): string | undefined => {
  const id = nameIn(claims[claim])?.replace(AS_SUBJECT, '');
  if (!id) return undefined;
  return claim === 'sub' || actsByItself(claims, id) ? id : undefined;
};

const actsByItself = (claims: Claims, id: string): boolean =>
  isItsOwnSubject(claims, id) ||
  isGrantedToClient(claims) ||
  isServicePrincipal(claims) ||
  isServiceAccount(claims, id);

/** RFC 9068, section 2.2: without a person the subject is the client. */
const isItsOwnSubject = ({ sub }: Claims, id: string) =>
  typeof sub === 'string' && sub.replace(AS_SUBJECT, '') === id;

/** Auth0 */
const isGrantedToClient = ({ gty }: Claims) => gty === 'client-credentials';

/** Microsoft Entra ID: the subject of an application's own token is its object, a person's is another per application. */
const isServicePrincipal = ({ idtyp, oid, sub }: Claims) =>
  idtyp === 'app' || (idtyp === undefined && typeof oid === 'string' && oid === sub);

/** Keycloak; a person who chose such a name has an e-mail. */
const isServiceAccount = (
  { email, preferred_username: name, client_id, clientId = client_id, clientHost, clientAddress }: Claims,
  id: string,
) =>
  (email === undefined &&
    typeof name === 'string' &&
    name.toLowerCase() === `service-account-${id}`.toLowerCase()) ||
  (clientId === id && (typeof clientHost === 'string' || typeof clientAddress === 'string'));
