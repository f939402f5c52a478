import { Type } from 'typebox'

/** The header of what changes something that several may edit; missing it is answered with 428. */
export const IfMatchHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'The ETag that was read, or `*` to overwrite whatever is there' }),
  ),
})
