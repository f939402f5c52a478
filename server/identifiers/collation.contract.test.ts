import { beforeAll, describe, expect, it, test } from 'vitest'
import type { RioStorageMethod } from '../../contract/settings.ts'
import { EVERYTHING, LOCAL, peopleIn, type TestUser } from '../../test/support/people.ts'
import { emptyTables, forEachEngine } from '../../test/support/storages.ts'
import { createEntityTree } from '../helpdesk/entity-tree.ts'
import type { Agent } from '../helpdesk/helpdesk.ts'
import { createSettings } from '../storage/settings.ts'
import type { Storage } from '../storage/storage.ts'
import { bringUpToDate } from './background.ts'
import { createFollower } from './follow.ts'
import { createJournal } from './journal.ts'
import { createLookups } from './lookup.ts'

const METHODS = ['custom_table', 'name', 'registration_number'] as const satisfies RioStorageMethod[]

/**
 * Two people's RIOs, and whether who asks for one is also shown the other: by the rule of design §8 (letter case and space
 * around do not count, everything else does), whatever a collation thinks of it.
 */
const TRAPS: [what: string, one: string, other: string, same: boolean][] = [
  ['letter case', 'Agent-Seven', 'AGENT-SEVEN', true],
  ['letter case of an accent', 'Éloïse', 'ÉLOÏSE', true],
  ['an accent', 'élan', 'elan', false],
  ['an accent made of two characters', 'cafe\u0301', 'café', true],
  ['a cedilla', 'garçon', 'garcon', false],
  ['a ring', 'Ångström', 'Angstrom', false],
  // STRASSE is the one's capital spelling.
  ['a sharp s, which has no other capital', 'Straße', 'STRASSE', true],
  ['a ligature', 'Cœur', 'Coeur', false],
  ['another ligature', 'Ægir', 'Aegir', false],
  ['a stroke', 'Łódź', 'Lodz', false],
  ['a dotted capital I', 'İzmir', 'izmir', false],
  ['a dotless i, whose capital is I', 'kıl', 'KIL', true],
  ['wide digits', '１２３４５６７', '1234567', false],
  ['digits of another script', '٧٦٥٤٣٢١', '7654321', false],
  ['a raised digit', 'm²x', 'm2x', false],
  ['a soft hyphen', 'soft\u00adhyphen', 'softhyphen', false],
  ['a joiner that nobody sees', 'zero\u200dwidth', 'zerowidth', false],
  ['a mark of direction', 'left\u200eright', 'leftright', false],
  ['space at the end', 'trailing  ', 'trailing', true],
  ['space within', 'in  side', 'in side', false],
  ['a space that does not break', 'no\u00a0break', 'no break', false],
  ['separators in a number', '12 34-568', '1234568', true],
  ['separators in a login', 'j.martin', 'jmartin', false],
  ['a leading zero', '0987654', '987654', false],
  ['punctuation', 'semi;colon', 'semicolon', false],
  ['a quote', "o'brien", 'obrien', false],
  ['a typographic quote', 'd’alembert', "d'alembert", false],
  ['a double quote', 'say "so"', 'say so', false],
  ['a backslash', 'back\\slash', 'backslash', false],
  ['a backslash at the end', 'end\\', 'end', false],
  ['a percent sign', '100%', '1000', false],
  ['an underscore', 'a_b', 'axb', false],
  ['a word that SQL knows', 'null', 'NULL', true],
  ['255 characters', `${'é'.repeat(254)}é`, `${'é'.repeat(254)}e`, false],
  ['an emoji', '📞007', '📟007', false],
  ['an emoji that is left out', 'bell🔔', 'bell', false],
  ['another Kana', 'あい', 'アイ', false],
]

forEachEngine((engine) => {
  let storage: Storage
  let alice: Agent

  beforeAll(async () => {
    storage = await engine.migrated()
  })

  function lookupsOn(of: Storage) {
    const settings = createSettings(of)
    const dependencies = {
      storage: of,
      settings,
      entityTree: createEntityTree(of),
      decodeText: (stored: string) => stored,
    }
    const follow = createFollower(dependencies, () => undefined)
    const lookups = createLookups({
      storage: of,
      follow,
      journal: createJournal(of),
      onAnswer: () => undefined,
    })
    return { settings, dependencies, lookups }
  }

  describe.each(METHODS)('kept in %s', (method) => {
    let process: ReturnType<typeof lookupsOn>
    let ids: Map<string, number>
    const columnsOf = (text: string, number: number): TestUser => ({
      login: method === 'name' ? text : `login ${number}`,
      rio: method === 'custom_table' ? text : null,
      registration_number: method === 'registration_number' ? text : null,
      // The host's key takes many of these for one login; of another source each may be one.
      auths_id: number,
    })
    /** The table of ours keeps everything. */
    const kept = (text: string) => (method === 'custom_table' ? text : engine.asStored(text))

    async function fill(): Promise<void> {
      await emptyTables(storage)
      const people = peopleIn(storage)
      process = lookupsOn(storage)
      await process.settings.set('rio_storage_method', method)
      alice = await people.agent('all', EVERYTHING)
      const texts = TRAPS.flatMap(([, one, other]) => [one, other])
      const made = await people.addUsers(texts.length, (number) =>
        columnsOf(kept(texts[number] ?? ''), number),
      )
      ids = new Map(texts.map((text, index) => [text, made[index] ?? 0]))
      // Nobody is found by what they do not have.
      await people.addUser({ login: 'without', registration_number: null, rio: null })
      await people.addUser({ login: 'with nothing', registration_number: '', rio: '' })
    }
    const found = async (rio: string): Promise<number[]> =>
      (await process.lookups.byRio(alice, LOCAL, rio)).map(({ id }) => id)

    /** Who has exactly one of these texts, where the column could keep it. */
    const holders = (...texts: string[]) =>
      texts
        .filter((text) => kept(text) === text)
        .map((text) => ids.get(text))
        .sort((one = 0, other = 0) => one - other)

    describe('by the index', () => {
      beforeAll(async () => {
        await fill()
        await bringUpToDate(process.dependencies)
      })

      test.each(TRAPS)('%s: %j and %j, the same: %s', async (_what, one, other, same) => {
        expect(await found(one)).toEqual(same ? holders(one, other) : holders(one))
        expect(await found(other)).toEqual(same ? holders(one, other) : holders(other))
      })
    })

    describe('by the column, while the index is behind', () => {
      beforeAll(fill)

      test.each(TRAPS)('%s: %j is not %j, unless the same: %s', async (_what, one, other, same) => {
        for (const [asked, another] of [
          [one, other],
          [other, one],
        ] as const) {
          const answer = await found(asked)
          // Asked for exactly as stored; what is typed has no space around.
          const own = method === 'registration_number' || asked !== asked.trim() ? [] : holders(asked)
          expect(answer).toEqual(expect.arrayContaining(own))
          const mayBe = same ? holders(asked, another) : holders(asked)
          expect(answer.filter((id) => !mayBe.includes(id))).toEqual([])
        }
      })

      it('has not been built meanwhile', async () => {
        expect(await process.lookups.follow()).toMatchObject({ current: false })
      })
    })
  })
})
