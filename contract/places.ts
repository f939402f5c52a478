import { type Static, Type } from 'typebox'
import { id, orNull } from './fields.ts'
import { pageOf, pageQuery } from './paging.ts'

/** Where people and tickets are: entities, locations; and what forms choose from. */

const name = Type.String({ minLength: 1, maxLength: 255, description: 'The short name' })

const NODE = {
  id: Type.Integer(),
  name: Type.String(),
  path: Type.String({ description: 'The name with those above it, parted by ` > `' }),
  parentId: orNull(Type.Integer(), 'The one above; null at the top'),
}

export const TreeQuery = pageQuery({
  q: Type.Optional(
    Type.String({
      maxLength: 255,
      description: 'Only those whose path has these words, whatever their letter case and accents',
    }),
  ),
})
export type TreeQuery = Static<typeof TreeQuery>

export const Entity = Type.Object(NODE, { title: 'Entity' })
export type Entity = Static<typeof Entity>
export const EntityPage = pageOf(
  Entity,
  'EntityPage',
  'The entities that you see, as a tree read from top to bottom',
)
export type EntityPage = Static<typeof EntityPage>

const parentEntity = id('The entity above')
export const NewEntity = Type.Object(
  { name, parentId: parentEntity },
  { title: 'NewEntity', additionalProperties: false },
)
export type NewEntity = Static<typeof NewEntity>
export const EntityChange = Type.Object(
  { name: Type.Optional(name), parentId: Type.Optional(parentEntity) },
  { title: 'EntityChange', additionalProperties: false, minProperties: 1 },
)
export type EntityChange = Static<typeof EntityChange>

const recursive = Type.Boolean({ description: 'Whether it is also for the entities below' })
export const Location = Type.Object(
  {
    ...NODE,
    entityId: Type.Integer({ description: 'The entity it belongs to' }),
    recursive,
  },
  { title: 'Location' },
)
export type Location = Static<typeof Location>
export const LocationPage = pageOf(
  Location,
  'LocationPage',
  'The locations that you see, as a tree read from top to bottom',
)

const parentLocation = orNull(id('A location'), 'The location around it; null for none')
export const NewLocation = Type.Object(
  {
    name,
    parentId: Type.Optional(parentLocation),
    entityId: Type.Optional(id('The entity it belongs to; your active one when missing')),
    recursive: Type.Optional(recursive),
  },
  { title: 'NewLocation', additionalProperties: false },
)
export type NewLocation = Static<typeof NewLocation>
export const LocationChange = Type.Object(
  {
    name: Type.Optional(name),
    parentId: Type.Optional(parentLocation),
    recursive: Type.Optional(recursive),
  },
  { title: 'LocationChange', additionalProperties: false, minProperties: 1 },
)
export type LocationChange = Static<typeof LocationChange>

export const Category = Type.Object(NODE, { title: 'Category' })
export type Category = Static<typeof Category>
export const CategoryPage = pageOf(
  Category,
  'CategoryPage',
  'The categories, as a tree read from top to bottom',
)
export type CategoryPage = Static<typeof CategoryPage>

export const CategoryQuery = pageQuery({
  type: Type.Optional(
    Type.Union([Type.Literal('incident'), Type.Literal('request')], {
      description: 'Only those for tickets of this type',
    }),
  ),
  q: TreeQuery.properties.q,
})
export type CategoryQuery = Static<typeof CategoryQuery>

export const RequestType = Type.Object({ id: Type.Integer(), name: Type.String() }, { title: 'RequestType' })
export type RequestType = Static<typeof RequestType>
export const RequestTypePage = pageOf(
  RequestType,
  'RequestTypePage',
  'Where tickets come from: active ones, by id',
)
