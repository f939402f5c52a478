import { type HostAnswer, refusal } from './answers.ts'
import { type Call, notPlayed, type SessionCall } from './call.ts'
import { createFollowup } from './followups.ts'
import { updateProfile } from './profile-update.ts'
import * as endpoints from './session-endpoints.ts'
import type { Sessions } from './sessions.ts'
import { createTicket } from './tickets.ts'
import { createUser } from './user-create.ts'
import { createUserEmail, deleteUserEmail, updateUserEmail } from './user-email-items.ts'
import { showUser, showUserEmails } from './user-show.ts'
import { updateUser } from './user-update.ts'

type Handler = (call: SessionCall) => HostAnswer | Promise<HostAnswer>

/** What is said beside what is asked; anything else that stands in a query is a test's mistake. */
const PARAMETERS = new Set([
  'session_token',
  'app_token',
  'login',
  'password',
  'user_token',
  'get_full_session',
  'session_write',
  'is_recursive',
  'range',
  'input',
  'profiles_id',
  'entities_id',
])

const ITEMTYPES = new Set(['User', 'UserEmail', 'Ticket', 'ITILFollowup', 'Profile', 'Entity'])

const ADDING: Readonly<Record<string, Handler>> = {
  User: createUser,
  UserEmail: createUserEmail,
  Ticket: createTicket,
  ITILFollowup: createFollowup,
}

const ID = /^[1-9]\d*$/

/** Finds who answers a request of an item: by the method and the shape of the path. */
function itemHandler(method: string, segments: readonly string[]): Handler | undefined {
  const [type = '', id = '', part] = segments
  if (method === 'GET' && type === 'User' && ID.test(id)) {
    if (part === undefined) return (call) => showUser(call, Number(id))
    if (part === 'UserEmail' && segments.length === 3) return (call) => showUserEmails(call, Number(id))
  }
  if (method === 'PUT' && ID.test(id) && segments.length === 2) {
    if (type === 'User') return (call) => updateUser(call, Number(id))
    if (type === 'Profile') return (call) => updateProfile(call, Number(id))
    if (type === 'UserEmail') return (call) => updateUserEmail(call, Number(id))
  }
  if (method === 'DELETE' && type === 'UserEmail' && ID.test(id) && segments.length === 2) {
    return (call) => deleteUserEmail(call, Number(id))
  }
  if (method === 'POST' && segments.length === 1) return ADDING[type]
  return undefined
}

/** Sends a request to who answers it, as `apirest.php` does: these words whatever the method, then the types of items. */
export function createRoutes(sessions: Sessions) {
  const named: Record<string, Handler> = {
    killSession: (call) => endpoints.killSession(call, sessions),
    getFullSession: endpoints.getFullSession,
    getActiveProfile: endpoints.getActiveProfile,
    getMyProfiles: endpoints.getMyProfiles,
    getActiveEntities: endpoints.getActiveEntities,
    getMyEntities: endpoints.getMyEntities,
    changeActiveProfile: endpoints.changeContext,
    changeActiveEntities: endpoints.changeContext,
  }

  return async (call: Call): Promise<HostAnswer> => {
    const { method, segments, parameters } = call.request
    const [resource = ''] = segments
    const extra = notPlayed(parameters.keys(), PARAMETERS)
    if (extra.length > 0) call.unexpected(`parameters that nobody plays: ${extra.join(', ')}`)
    if (resource === 'initSession') return endpoints.initSession(call, sessions)
    const handler = named[resource] ?? itemHandler(method, segments)
    if (handler === undefined) {
      call.unexpected('nobody plays this')
      throw refusal(
        ITEMTYPES.has(resource) ? 'ERROR_METHOD_NOT_ALLOWED' : 'ERROR_RESOURCE_NOT_FOUND_NOR_COMMONDBTM',
        call.apiUrl,
      )
    }
    return handler({ ...call, session: sessions.demand(call.request, call.apiUrl) })
  }
}
