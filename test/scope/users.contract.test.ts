import { beforeAll, describe, expect, it, test } from 'vitest'
import { createEntityTree } from '../../server/helpdesk/entity-tree.ts'
import { createUserReads, type UserReads } from '../../server/identifiers/user-reads.ts'
import { createSettings } from '../../server/storage/settings.ts'
import type { Storage } from '../../server/storage/storage.ts'
import { hostTimeIn, peopleIn, type TestUser } from '../support/people.ts'
import { forEachEngine } from '../support/storages.ts'
import { ENTITIES, PARENTS, sessionsOn } from './sessions.ts'

const { root, lyon, bron, nord, lille } = ENTITIES
const RECURSIVE = { recursive: 1 } as const

/** Where people belong (host-contract §2): with recursion, to all entities below as well. */
const PEOPLE = {
  ofLyon: [{ entity: lyon }],
  ofLyonAndBelow: [{ entity: lyon, ...RECURSIVE }],
  ofBron: [{ entity: bron }],
  ofBronAndBelow: [{ entity: bron, ...RECURSIVE }],
  ofNord: [{ entity: nord }],
  ofRoot: [{ entity: root }],
  ofRootAndBelow: [{ entity: root, ...RECURSIVE }],
  ofLille: [{ entity: lille }],
  ofLyonAndLille: [{ entity: lyon }, { entity: lille }],
  ofLyonTwice: [{ entity: lyon }, { entity: lyon, ...RECURSIVE }, { entity: lyon }],
  ofNothing: [],
} as const satisfies Record<string, TestUser['memberships']>
type Name = keyof typeof PEOPLE

const FROM_ABOVE = ['ofLyonAndBelow', 'ofRootAndBelow', 'ofLyonTwice'] as const satisfies Name[]
const IN_LYON = [...FROM_ABOVE, 'ofLyon', 'ofLyonAndLille'] as const satisfies Name[]
const BELOW_LYON = ['ofBron', 'ofBronAndBelow', 'ofNord'] as const satisfies Name[]

const PROFILE = 50
/** Without the host's right to users. */
const OTHER_PROFILE = 51

/** Agents by the entities that their profile gives them and those that their session is set to, and whom they see. */
const AGENTS: [what: string, given: TestUser['memberships'], active: number[], seen: readonly Name[]][] = [
  [
    'all entities, and so also who belongs to none',
    [{ entity: root, ...RECURSIVE }],
    [root, lyon, bron, nord, lille],
    Object.keys(PEOPLE) as Name[],
  ],
  [
    'all but one',
    [{ entity: root, ...RECURSIVE }],
    [root, lyon, bron, nord],
    [...IN_LYON, ...BELOW_LYON, 'ofRoot'],
  ],
  ['an entity alone', [{ entity: lyon }], [lyon], IN_LYON],
  ['an entity alone, though recursive', [{ entity: lyon, ...RECURSIVE }], [lyon], IN_LYON],
  ['an entity and below', [{ entity: lyon, ...RECURSIVE }], [lyon, bron, nord], [...IN_LYON, ...BELOW_LYON]],
  ['an entity in the middle', [{ entity: bron }], [bron], [...FROM_ABOVE, 'ofBron', 'ofBronAndBelow']],
  ['an entity at the end', [{ entity: nord }], [nord], [...FROM_ABOVE, 'ofBronAndBelow', 'ofNord']],
  ['the root alone', [{ entity: root }], [root], ['ofRoot', 'ofRootAndBelow']],
  [
    'two entities side by side',
    [{ entity: lyon }, { entity: lille }],
    [lyon, lille],
    [...IN_LYON, 'ofLille'],
  ],
  ['an entity that was taken away since', [{ entity: lyon }], [lyon, lille], IN_LYON],
  ['recursion that was taken away since', [{ entity: lyon }], [lyon, bron, nord], IN_LYON],
  ['an entity of another profile', [{ entity: lyon, profile: OTHER_PROFILE }], [lyon], []],
  ['nothing any more', [], [lyon], []],
]

/** Accounts in every state: [what, columns, in lists, by id]. */
const STATES: [what: string, columns: Partial<TestUser>, listed: boolean, read: boolean][] = [
  ['plain', {}, true, true],
  ['inactive', { is_active: 0 }, true, true],
  ['not begun', { begin_date: hostTimeIn(3600) }, true, true],
  ['ended', { end_date: hostTimeIn(-3600) }, true, true],
  ['in the bin', { is_deleted: 1 }, false, true],
  // Where they would log in to plays no part.
  ['of another default entity', { entities_id: lille }, true, true],
]

forEachEngine((engine) => {
  let storage: Storage
  let sessions: ReturnType<typeof sessionsOn>
  let reads: UserReads
  const ids = new Map<string, number>()
  const agentIds = new Map<string, number>()

  beforeAll(async () => {
    storage = await engine.migrated()
    const people = peopleIn(storage)
    sessions = sessionsOn(storage)
    const settings = createSettings(storage)
    const entityTree = createEntityTree(storage)
    reads = createUserReads({ storage, settings, entityTree, decodeText: (stored) => stored })
    for (const [id, name, parent] of PARENTS) await people.addEntity(id, name, parent)
    await sessions.addProfile(PROFILE, { plugin_callmanager_access: 1, user: 1 })
    await sessions.addProfile(OTHER_PROFILE, { plugin_callmanager_access: 1, user: 0 })
    for (const [name, memberships] of Object.entries(PEOPLE)) {
      // Their default entity is one that most of them do not belong to.
      ids.set(name, await people.addUser({ login: name, entities_id: bron, memberships: [...memberships] }))
    }
    for (const [what, columns] of STATES) {
      ids.set(what, await people.addUser({ login: what, memberships: [{ entity: nord }], ...columns }))
    }
    for (const [what, given = []] of AGENTS) {
      const memberships = given.map((one) => ({ profile: PROFILE, ...one }))
      agentIds.set(what, await people.addUser({ login: what, memberships }))
    }
  })

  const listed = async (agent: Parameters<UserReads['list']>[0], names: readonly string[]) => {
    const { items, cursor } = await reads.list(agent, { limit: 100 })
    expect(cursor).toBeNull()
    return names.filter((name) => items.some(({ id }) => id === ids.get(name)))
  }

  const agentWho = (covers: string, active: number[], profile = PROFILE) =>
    sessions.agent(agentIds.get(covers) ?? 0, profile, active)

  describe.each(AGENTS)('who covers %s', (what, given, active, seen) => {
    const names = Object.keys(PEOPLE)
    const agentOf = () => agentWho(what, active)
    // Without the profile there are no rights either.
    const holds = given?.some((one) => one.profile === undefined) ?? false

    it('lists those whom the host would', async () => {
      const agent = await agentOf()
      if (!holds) await expect(reads.list(agent, {})).rejects.toMatchObject({ code: 'right-missing' })
      else
        expect(await listed(agent, names)).toEqual(names.filter((name) => seen.some((one) => one === name)))
    })

    it('opens the same, and learns of nobody else', async () => {
      const agent = await agentOf()
      for (const name of names) {
        const opened = reads.read(agent, ids.get(name) ?? 0)
        if (seen.some((one) => one === name)) expect((await opened).user.login).toBe(name)
        else await expect(opened).rejects.toMatchObject({ code: holds ? 'user-unknown' : 'right-missing' })
      }
    })
  })

  test.each(STATES)('an account that is %s', async (what, _columns, isListed, isRead) => {
    const agent = await agentWho('an entity and below', [lyon, bron, nord])
    expect(await listed(agent, [what])).toEqual(isListed ? [what] : [])
    const opened = reads.read(agent, ids.get(what) ?? 0)
    if (isRead) expect((await opened).user.login).toBe(what)
    else await expect(opened).rejects.toMatchObject({ code: 'user-unknown' })
  })

  it('nobody is seen without the host’s own right to users', async () => {
    const agent = await agentWho('an entity of another profile', [lyon], OTHER_PROFILE)
    const missing = { code: 'right-missing', detail: expect.stringContaining('user') }
    await expect(reads.list(agent, {})).rejects.toMatchObject(missing)
    await expect(reads.read(agent, ids.get('ofLyon') ?? 0)).rejects.toMatchObject(missing)
  })
})
