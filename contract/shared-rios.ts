import { type Static, Type } from 'typebox'
import { pageOf } from './paging.ts'
import { UserSummary } from './users.ts'

const SharedRio = Type.Object(
  {
    rio: Type.String({ description: 'The RIO, as the first of these people has it' }),
    people: Type.Integer({
      minimum: 2,
      description: 'How many people have it, within your entities or not, in the bin or not',
    }),
    first: Type.Array(
      { ...UserSummary, description: 'A person' },
      { description: 'Of the first twenty by id those who lie within your entities and not in the bin' },
    ),
  },
  { title: 'SharedRio' },
)
export type SharedRio = Static<typeof SharedRio>

export const SharedRioPage = pageOf(
  SharedRio,
  'SharedRioPage',
  'RIOs that several people have, as far as you see one of these people; in the order of the RIOs',
)
