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
  },
  { title: 'Readiness', description: 'What stands behind look-ups, and how it is' },
)
export type Readiness = Static<typeof Readiness>
