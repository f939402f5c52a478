import { type Static, Type } from 'typebox'

/** An error under `api/v1`: RFC 9457 problem details. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'Names the kind of problem; stable' }),
    title: Type.String({ description: 'The kind of problem, in English' }),
    status: Type.Integer({ description: 'The HTTP status' }),
    detail: Type.Optional(Type.String({ description: 'What makes this case special' })),
    field: Type.Optional(Type.String({ description: 'The field of the request at fault' })),
    remedy: Type.String({ description: 'What to do about it' }),
    requestId: Type.String({ description: 'Finds the log line of this request' }),
  },
  { title: 'Problem' },
)
export type Problem = Static<typeof Problem>
