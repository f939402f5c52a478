import { type Static, type TProperties, type TSchema, Type } from 'typebox'
import { id } from './fields.ts'

/** Every list of `api/v1` is read in pages of this shape. */
export const DEFAULT_PAGE = 25
export const MAX_PAGE = 100

const PAGE = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_PAGE,
      default: DEFAULT_PAGE,
      description: `Items a page, at most ${MAX_PAGE}; ${DEFAULT_PAGE} when missing`,
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 2000,
      description: 'Where the page begins, as the `next` link of the page before says; not to be made up',
    }),
  ),
}

/** The query of a list: paging and what else the list can be asked for. */
export const pageQuery = <Properties extends TProperties>(properties: Properties) =>
  Type.Object({ ...PAGE, ...properties }, { additionalProperties: false })

/** The query of a list that can be asked for nothing else. */
export const PageQuery = pageQuery({})
export type PageQuery = Static<typeof PageQuery>

/** A page of items; `title` names the schema. */
export const pageOf = <Item extends TSchema>(item: Item, title: string, description: string) =>
  Type.Object(
    {
      items: Type.Array(item, { description }),
      next: Type.Union([Type.String(), Type.Null()], {
        description: 'Address of the next page; null on the last. A page may hold fewer than `limit` items.',
      }),
    },
    { title, description },
  )

/** A page before its `next` link is written: `cursor` is null on the last one. */
export interface Page<Item> {
  items: Item[]
  cursor: string | null
}

export const IdParams = Type.Object({
  id: id('The id, as lists and look-ups give it'),
})
