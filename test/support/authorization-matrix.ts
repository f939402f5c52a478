import { API, V1 } from './app.ts'

/** Who asks: nobody, Charlie without the right, Bob outside of what he asks for, Bob within it. */
export const CALLERS = ['no session', 'no right', 'out of scope', 'in scope'] as const
export type Case = (typeof CALLERS)[number]

export interface Row {
  /** The address asked; `{scope}` stands for what is within Bob's scope or outside of it. */
  url: string
  /** What stands for `{scope}`, within and outside; RIOs where missing. */
  scope?: readonly [within: string, outside: string]
  headers?: Record<string, string>
  body?: object | string | ((scope: string) => object)
  /** The status of each caller in turn. */
  statuses: readonly [number, number, number, number]
  /** What only somebody within scope is told. */
  tells?: string
  /** Why somebody without session or right is answered all the same. */
  open?: string
}

/** RIOs, and ids of users, entities and locations: of Villefranche, and of elsewhere. */
export const RIOS = ['1228904', '1234567890'] as const
const USERS = ['11', '10'] as const
const TICKETS = ['6', '3'] as const
const ENTITIES = ['5', '7'] as const
const LOCATIONS = ['4', '6'] as const
/** Bob holds no right to write, so he learns nothing of what is there. */
const FOR_WRITERS = [401, 403, 403, 403] as const

/** One row an operation; a route without a row fails, and so does a row without a route. */
export const MATRIX: Record<string, Row> = {
  'GET /plugins/callmanager/api.php/users/{rio}': {
    url: `${API}/users/{scope}`,
    statuses: [401, 403, 200, 200],
    tells: 'thierry.roux@example.org',
  },
  'GET /plugins/callmanager/api.php/config/{key}': {
    url: `${API}/config/rio_storage_method`,
    statuses: [401, 403, 200, 200],
  },
  'GET /apirest.php/initSession': {
    url: '/apirest.php/initSession',
    statuses: [400, 400, 400, 400],
    open: 'opens sessions; a session is of no use to it',
  },
  'POST /apirest.php/initSession': {
    url: '/apirest.php/initSession',
    statuses: [400, 400, 400, 400],
    open: 'opens sessions; a session is of no use to it',
  },
  'GET /apirest.php/getFullSession': {
    url: '/apirest.php/getFullSession',
    statuses: [400, 200, 200, 200],
    open: 'everybody may see their own session',
  },
  'POST /apirest.php/getFullSession': {
    url: '/apirest.php/getFullSession',
    statuses: [400, 200, 200, 200],
    open: 'everybody may see their own session',
  },
  'GET /apirest.php/killSession': {
    url: '/apirest.php/killSession',
    statuses: [400, 200, 200, 200],
    open: 'everybody may end their own session',
  },
  'POST /apirest.php/killSession': {
    url: '/apirest.php/killSession',
    statuses: [400, 200, 200, 200],
    open: 'everybody may end their own session',
  },
  'POST /plugins/callmanager/api/v1/setup': {
    url: '/plugins/callmanager/api/v1/setup',
    body: { code: 'not-the-code', login: 'intruder', password: 'long enough' },
    statuses: [403, 403, 403, 403],
    open: 'asks for the one-time code instead of a session',
  },
  'POST /plugins/callmanager/api/v1/session': {
    url: `${V1}/session`,
    body: { login: 'nobody', password: 'no password' },
    statuses: [401, 401, 401, 401],
    open: 'opens sessions; a session is of no use to it',
  },
  'GET /plugins/callmanager/api/v1/search': {
    url: `${V1}/search?q={scope}`,
    statuses: [401, 403, 200, 200],
    tells: 'thierry.roux@example.org',
  },
  'GET /plugins/callmanager/api/v1/session': {
    url: `${V1}/session`,
    statuses: [401, 200, 200, 200],
    open: 'everybody may see their own session',
  },
  'PATCH /plugins/callmanager/api/v1/session': {
    url: `${V1}/session`,
    body: { language: 'fr_FR' },
    statuses: [401, 200, 200, 200],
    open: 'everybody may change their own session',
  },
  'DELETE /plugins/callmanager/api/v1/session': {
    url: `${V1}/session`,
    statuses: [401, 204, 204, 204],
    open: 'everybody may end their own session',
  },
  'GET /plugins/callmanager/api/v1/statistics': {
    url: `${V1}/statistics?by=day`,
    statuses: [401, 403, 403, 403],
  },
  'GET /plugins/callmanager/api/v1/users/{id}/tickets': {
    url: `${V1}/users/{scope}/tickets`,
    scope: USERS,
    statuses: [401, 403, 404, 200],
    tells: 'Borne du guichet 3',
  },
  'GET /plugins/callmanager/api/v1/tickets/{id}': {
    url: `${V1}/tickets/{scope}`,
    scope: TICKETS,
    statuses: [401, 403, 404, 200],
    tells: 'Borne du guichet 3',
  },
  'GET /plugins/callmanager/api/v1/tickets/{id}/followups': {
    url: `${V1}/tickets/{scope}/followups`,
    scope: TICKETS,
    statuses: [401, 403, 404, 200],
    tells: 'borne de rechange',
  },
  'GET /plugins/callmanager/api/v1/tickets/{id}/followups/{followupId}': {
    url: `${V1}/tickets/{scope}/followups/8`,
    scope: TICKETS,
    statuses: [401, 403, 404, 200],
    tells: 'borne de rechange',
  },
  'POST /plugins/callmanager/api/v1/tickets': {
    url: `${V1}/tickets`,
    scope: USERS,
    body: (id) => ({ requesterId: Number(id), title: 'A call', description: '', type: 'incident' }),
    statuses: [401, 403, 404, 201],
    tells: 'Thierry',
  },
  'POST /plugins/callmanager/api/v1/tickets/{id}/followups': {
    url: `${V1}/tickets/{scope}/followups`,
    scope: TICKETS,
    body: { content: 'Called back', private: false },
    statuses: [401, 403, 404, 201],
    tells: 'Called back',
  },
  'GET /plugins/callmanager/api/v1/users': {
    url: `${V1}/users?limit=100`,
    statuses: [401, 403, 200, 200],
  },
  'POST /plugins/callmanager/api/v1/users': {
    url: `${V1}/users`,
    body: { login: 'intruder' },
    statuses: FOR_WRITERS,
  },
  'GET /plugins/callmanager/api/v1/users/{id}': {
    url: `${V1}/users/{scope}`,
    scope: USERS,
    statuses: [401, 403, 404, 200],
    tells: 'thierry.roux@example.org',
  },
  'PATCH /plugins/callmanager/api/v1/users/{id}': {
    url: `${V1}/users/{scope}`,
    scope: USERS,
    headers: { 'if-match': '*' },
    body: { phone: '0199000000' },
    statuses: FOR_WRITERS,
  },
  'DELETE /plugins/callmanager/api/v1/users/{id}': {
    url: `${V1}/users/{scope}`,
    scope: USERS,
    statuses: FOR_WRITERS,
  },
  'GET /plugins/callmanager/api/v1/users/{id}/history': {
    url: `${V1}/users/{scope}/history`,
    scope: USERS,
    statuses: [401, 403, 404, 200],
    tells: 'created',
  },
  'PUT /plugins/callmanager/api/v1/users/{id}/password': {
    url: `${V1}/users/{scope}/password`,
    scope: USERS,
    body: { password: 'long enough' },
    statuses: FOR_WRITERS,
  },
  'PUT /plugins/callmanager/api/v1/users/{id}/profiles': {
    url: `${V1}/users/{scope}/profiles`,
    scope: USERS,
    headers: { 'if-match': '*' },
    body: [],
    statuses: FOR_WRITERS,
  },
  'GET /plugins/callmanager/api/v1/users/{id}/rio': {
    url: `${V1}/users/{scope}/rio`,
    scope: USERS,
    statuses: [401, 403, 404, 200],
    tells: '1228904',
  },
  'PUT /plugins/callmanager/api/v1/users/{id}/rio': {
    url: `${V1}/users/{scope}/rio`,
    scope: USERS,
    headers: { 'if-match': '*' },
    body: { rio: '7654321' },
    statuses: FOR_WRITERS,
  },
  'DELETE /plugins/callmanager/api/v1/users/{id}/rio': {
    url: `${V1}/users/{scope}/rio`,
    scope: USERS,
    headers: { 'if-match': '*' },
    statuses: FOR_WRITERS,
  },
  'GET /plugins/callmanager/api/v1/rios/shared': { url: `${V1}/rios/shared`, statuses: FOR_WRITERS },
  'GET /plugins/callmanager/api/v1/health': { url: `${V1}/health`, statuses: FOR_WRITERS },
  'GET /plugins/callmanager/api/v1/settings': { url: `${V1}/settings`, statuses: FOR_WRITERS },
  'PATCH /plugins/callmanager/api/v1/settings': {
    url: `${V1}/settings`,
    headers: { 'if-match': '*' },
    body: { journalRetentionDays: 1 },
    statuses: FOR_WRITERS,
  },
  'GET /plugins/callmanager/api/v1/profiles': { url: `${V1}/profiles`, statuses: FOR_WRITERS },
  'GET /plugins/callmanager/api/v1/profiles/{id}': { url: `${V1}/profiles/6`, statuses: FOR_WRITERS },
  'PUT /plugins/callmanager/api/v1/profiles/{id}/rights': {
    url: `${V1}/profiles/6/rights`,
    headers: { 'if-match': '*' },
    body: { config: { update: true }, access: { read: true, update: true } },
    statuses: FOR_WRITERS,
  },
  'GET /plugins/callmanager/api/v1/storage-method': { url: `${V1}/storage-method`, statuses: FOR_WRITERS },
  'POST /plugins/callmanager/api/v1/storage-method/preview': {
    url: `${V1}/storage-method/preview`,
    body: { to: 'name' },
    statuses: FOR_WRITERS,
  },
  'POST /plugins/callmanager/api/v1/storage-method/change': {
    url: `${V1}/storage-method/change`,
    body: { to: 'registration_number' },
    statuses: FOR_WRITERS,
  },
  'POST /plugins/callmanager/api/v1/jobs/{id}/undo': { url: `${V1}/jobs/1/undo`, statuses: FOR_WRITERS },
  'GET /plugins/callmanager/api/v1/entities': { url: `${V1}/entities`, statuses: [401, 403, 200, 200] },
  'POST /plugins/callmanager/api/v1/entities': {
    url: `${V1}/entities`,
    body: { name: 'Annexe', parentId: 5 },
    statuses: FOR_WRITERS,
  },
  'GET /plugins/callmanager/api/v1/entities/{id}': {
    url: `${V1}/entities/{scope}`,
    scope: ENTITIES,
    statuses: [401, 403, 404, 200],
    tells: 'Villefranche',
  },
  'PATCH /plugins/callmanager/api/v1/entities/{id}': {
    url: `${V1}/entities/{scope}`,
    scope: ENTITIES,
    headers: { 'if-match': '*' },
    body: { name: 'Annexe' },
    statuses: FOR_WRITERS,
  },
  'DELETE /plugins/callmanager/api/v1/entities/{id}': {
    url: `${V1}/entities/{scope}`,
    scope: ENTITIES,
    statuses: FOR_WRITERS,
  },
  'GET /plugins/callmanager/api/v1/locations': { url: `${V1}/locations`, statuses: [401, 403, 200, 200] },
  'POST /plugins/callmanager/api/v1/locations': {
    url: `${V1}/locations`,
    body: { name: 'Annexe' },
    statuses: FOR_WRITERS,
  },
  'GET /plugins/callmanager/api/v1/locations/{id}': {
    url: `${V1}/locations/{scope}`,
    scope: LOCATIONS,
    statuses: [401, 403, 404, 200],
    tells: 'sous-préfecture',
  },
  'PATCH /plugins/callmanager/api/v1/locations/{id}': {
    url: `${V1}/locations/{scope}`,
    scope: LOCATIONS,
    headers: { 'if-match': '*' },
    body: { name: 'Annexe' },
    statuses: FOR_WRITERS,
  },
  'DELETE /plugins/callmanager/api/v1/locations/{id}': {
    url: `${V1}/locations/{scope}`,
    scope: LOCATIONS,
    statuses: FOR_WRITERS,
  },
  'GET /plugins/callmanager/api/v1/categories': { url: `${V1}/categories`, statuses: [401, 403, 200, 200] },
  'GET /plugins/callmanager/api/v1/request-types': {
    url: `${V1}/request-types`,
    statuses: [401, 403, 200, 200],
  },
  'GET /plugins/callmanager/api/v1/jobs': {
    url: `${V1}/jobs`,
    // Bob does not configure.
    statuses: [401, 403, 403, 403],
  },
  'GET /plugins/callmanager/api/v1/jobs/{id}': {
    url: `${V1}/jobs/1`,
    // Bob does not configure.
    statuses: [401, 403, 403, 403],
  },
  'GET /plugins/callmanager/api/v1/jobs/{id}/events': {
    url: `${V1}/jobs/1/events`,
    // Bob does not configure.
    statuses: [401, 403, 403, 403],
  },
  'GET /plugins/callmanager/api/v1/jobs/{id}/report': {
    url: `${V1}/jobs/1/report`,
    // Bob does not configure.
    statuses: [401, 403, 403, 403],
  },
  'GET /plugins/callmanager/api/v1/jobs/{id}/undo': {
    url: `${V1}/jobs/1/undo`,
    // Bob does not configure.
    statuses: [401, 403, 403, 403],
  },
  'DELETE /plugins/callmanager/api/v1/jobs/{id}': {
    url: `${V1}/jobs/1`,
    // Bob does not configure.
    statuses: [401, 403, 403, 403],
  },
  'POST /plugins/callmanager/api/v1/imports': {
    url: `${V1}/imports`,
    headers: { 'content-type': 'text/csv' },
    body: 'login,rio\n',
    // Bob does not configure.
    statuses: [401, 403, 403, 403],
  },
  'GET /plugins/callmanager/api/v1/exports/users.csv': {
    url: `${V1}/exports/users.csv`,
    // Bob does not configure.
    statuses: [401, 403, 403, 403],
  },
  'GET /healthz': { url: '/healthz', statuses: [200, 200, 200, 200], open: 'for operators, never proxied' },
  'GET /readyz': { url: '/readyz', statuses: [200, 200, 200, 200], open: 'for operators, never proxied' },
  'GET /metrics': { url: '/metrics', statuses: [200, 200, 200, 200], open: 'for operators, never proxied' },
}
