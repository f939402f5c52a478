import { type TSchema, Type } from 'typebox'

/** What the fields of requests and answers are made of, so that the same thing is the same everywhere. */

/** The host's ids are integers of 32 bits; 0 is the root entity. */
export const MAX_ID = 2_147_483_647

export const id = (description: string) => Type.Integer({ minimum: 0, maximum: MAX_ID, description })

/** Text of an answer. */
export const text = (description: string) =>
  Type.String({ description: `${description}; empty when missing` })

export const orNull = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description })

export const TIME = Type.String({ format: 'date-time' })

export const time = (description: string) => Type.String({ format: 'date-time', description })

export const count = (description: string) => Type.Integer({ minimum: 0, description })
