import { type Static, Type } from 'typebox'
import { count, orNull, TIME, time } from './fields.ts'

export const Health = Type.Object({ status: Type.Literal('ok') }, { title: 'Health', description: 'It runs' })

export const Readiness = Type.Object(
  {
    status: Type.Union([Type.Literal('ok'), Type.Literal('unavailable')]),
    database: Type.Union([Type.Literal('ok'), Type.Literal('unavailable')]),
    index: Type.Union([Type.Literal('whole'), Type.Literal('building'), Type.Literal('unknown')], {
      description:
        '`building`: look-ups are answered meanwhile, by the part that is built and by the columns themselves',
    }),
    helpdesk: Type.Optional(
      Type.Union([Type.Literal('ok'), Type.Literal('ill'), Type.Literal('unknown')], {
        description:
          "Beside an ITSM-NG: how its REST API last answered. While it is `ill`, nobody new gets in and what is the host's cannot be written, but look-ups of known sessions go on, so it is no reason to send callers elsewhere",
      }),
    ),
    reason: Type.Optional(Type.String({ description: 'What ails the database or the helpdesk' })),
  },
  { title: 'Readiness', description: 'What stands behind look-ups, and how it is' },
)
export type Readiness = Static<typeof Readiness>

const IndexHealth = Type.Object(
  {
    state: Type.Union(
      [
        Type.Literal('whole', { description: 'All of it is there' }),
        Type.Literal('comparing', {
          description: 'All of it is there, and is being compared with the users',
        }),
        Type.Literal('building', { description: 'It is being made; look-ups are answered meanwhile' }),
      ],
      { description: 'How far the identifier index is' },
    ),
    progress: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'How much of that work is done, by ids and so about; 1 where none is under way',
    }),
    working: Type.Boolean({ description: 'Whether a server is at that work now' }),
    sweptAt: orNull(
      TIME,
      'When all of it was last compared with the users, daily; null before the first time',
    ),
    current: Type.Boolean({
      description:
        'Whether every change of a user has been followed; if not, the next look-up does, first of all',
    }),
    followedTo: orNull(TIME, 'The newest change of a user that was followed; null where there was none'),
    changedAt: orNull(TIME, 'The newest change of a user that there is'),
  },
  { description: 'The identifier index, which everybody is found by, as it is now' },
)

const Finding = Type.Object({
  id: Type.String({
    description: 'Which check it is of, as `callmanager doctor` names it; one may find several things',
  }),
  state: Type.Union([Type.Literal('ok'), Type.Literal('warning'), Type.Literal('problem')], {
    description: 'How bad it is',
  }),
  what: Type.String({ description: 'What was found, as a sentence' }),
  remedy: Type.String({ description: 'What to do about it; empty where all is well' }),
})

export const Examination = Type.Object(
  {
    at: time('When it began'),
    state: Finding.properties.state,
    checks: Type.Array(Finding, { description: 'What was found, in the order that it is looked at' }),
    drift: orNull(
      Type.Object({
        people: count('Users that were looked at, spread evenly'),
        missing: count('Rows that the index lacked for them'),
        surplus: count('Rows that it had too many'),
      }),
      'How far a sample of the index agrees with the users; null where it is being built, or could not be looked at',
    ),
    rios: orNull(
      Type.Object({
        people: count('Everybody, whoever is in the bin included'),
        holders: count('Who has a RIO, in the place where RIOs are kept now'),
        shared: count('RIOs that several people have; `GET rios/shared` lists them'),
        sharing: count('How many people these are'),
      }),
      'RIOs, counted by the index; null where it is being built, or could not be looked at',
    ),
    ownTable: orNull(
      Type.Object({
        rows: count('Rows of `glpi_plugin_callmanager_users`'),
        empty: count('Of these, without a RIO'),
        purged: count('Of these, of users who are gone; they go with the daily sweep'),
        binned: count('Of these, of users in the bin'),
      }),
      "Call Manager's own table, whether RIOs are kept there or not; null where it could not be looked at",
    ),
  },
  { title: 'Examination', description: 'What was found by looking at everything' },
)
export type Examination = Static<typeof Examination>

export const SystemHealth = Type.Object(
  {
    index: IndexHealth,
    examination: orNull(
      Examination,
      'What was last found; null before the first time. Numbers are of everybody, whatever your entities are.',
    ),
    examining: Type.Boolean({ description: 'Whether it is being looked at anew: ask again in a second' }),
  },
  { title: 'SystemHealth', description: 'How this installation is' },
)
export type SystemHealth = Static<typeof SystemHealth>
