import { type Static, Type } from 'typebox'
import { RioStorageMethod } from './settings.ts'

export const StorageMethod = Type.Object(
  {
    method: RioStorageMethod,
    people: Type.Integer({ description: 'How many people there are' }),
    places: Type.Array(
      Type.Object({
        method: RioStorageMethod,
        people: Type.Integer({ description: 'How many of them have something in this place' }),
      }),
      { description: 'The three places that a RIO can be kept in' },
    ),
  },
  { title: 'StorageMethod', description: 'Where RIOs are kept, and what the other places hold' },
)
export type StorageMethod = Static<typeof StorageMethod>
