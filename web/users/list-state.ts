import type { UserSort } from '../../contract/users.ts'

/** What the list of users shows, as its address says it: so the back button and a reload keep it. */
export interface ListState {
  q: string
  sort: UserSort
  rio: 'all' | 'with' | 'without'
  active: 'all' | 'true' | 'false'
  entityId: string
  cursor: string
}

const SORTS = ['name', '-name', 'login', '-login', 'id', '-id'] as const

export const START: ListState = { q: '', sort: 'name', rio: 'all', active: 'all', entityId: '', cursor: '' }

export function readState(query: Record<string, string>): ListState {
  const { q = '', rio, active, entityId = '', cursor = '' } = query
  return {
    q,
    sort: SORTS.find((sort) => sort === query.sort) ?? 'name',
    rio: rio === 'with' || rio === 'without' ? rio : 'all',
    active: active === 'true' || active === 'false' ? active : 'all',
    entityId: /^\d+$/.test(entityId) ? entityId : '',
    cursor,
  }
}

/** The query of the page, with what differs from how the list begins. */
export function writeState(state: ListState): string {
  const said = Object.entries(state).filter(([name, value]) => value !== START[name as keyof ListState])
  return said.length === 0 ? '' : `?${new URLSearchParams(said)}`
}

/** The query of the API for it. */
export function listQuery({ sort, rio, active, entityId, cursor }: ListState) {
  return {
    sort,
    ...(rio !== 'all' && { rio }),
    ...(active !== 'all' && { active }),
    ...(entityId !== '' && { entityId, entityRecursive: true }),
    ...(cursor !== '' && { cursor }),
  }
}
