import { type EntityTree, scopeOf } from '../domain/entities.ts'
import { CREATE, UPDATE } from '../domain/rights.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'

const READ = 1

/** The operator of the machine, as commands act for them: nobody's account, and nothing is out of reach. */
export function operator(tree: EntityTree): Agent {
  return {
    id: 0,
    name: 'Call Manager',
    sessionKey: '',
    profileId: 0,
    rights: {
      access: READ | UPDATE,
      config: READ | UPDATE,
      user: READ | UPDATE | CREATE,
      ticket: 0,
      followup: 0,
    },
    scope: scopeOf(tree.withDescendants(0), tree),
    entityId: 0,
    isRecursive: true,
    impersonatorId: null,
  }
}
