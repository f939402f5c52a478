import { type Static, Type } from 'typebox'

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
