import { type Static, Type } from 'typebox'
import { id } from './fields.ts'

const ImportMode = Type.Union(
  [
    Type.Literal('people', { description: 'Creates whoever is not there yet and changes whoever is' }),
    Type.Literal('rios', { description: 'Writes RIOs of people who are there, and nothing else' }),
  ],
  { description: 'What is imported or exported: `people` or `rios`' },
)
export type ImportMode = Static<typeof ImportMode>

const ImportMatch = Type.Union(
  [Type.Literal('login'), Type.Literal('registrationNumber'), Type.Literal('email')],
  {
    description:
      'The column that people are recognised by. When missing: the first of `login`, `registrationNumber` and `email` that the file has.',
  },
)
export type ImportMatch = Static<typeof ImportMatch>

const flag = (description: string) => Type.Optional(Type.Boolean({ default: false, description }))

export const ImportQuery = Type.Object(
  {
    mode: Type.Optional(ImportMode),
    match: Type.Optional(ImportMatch),
    separator: Type.Optional(
      Type.Union(
        [Type.Literal('auto'), Type.Literal('comma'), Type.Literal('semicolon'), Type.Literal('tab')],
        { description: 'What parts the cells; `auto`, when missing, takes what the header row has most of' },
      ),
    ),
    encoding: Type.Optional(
      Type.Union([Type.Literal('auto'), Type.Literal('utf-8'), Type.Literal('windows-1252')], {
        description:
          'How the file writes letters; `auto`, when missing, is UTF-8 (with or without BOM) if the whole file is, else Windows-1252',
      }),
    ),
    entityId: Type.Optional(
      id('Where new people belong whose line names no entity; your active entity when missing'),
    ),
    dryRun: flag('Only tell what would be done'),
    clearEmpty: flag('An empty cell empties the field; else it leaves the field as it is'),
    changeLogins: flag('With the storage method `name`: allow that a RIO changes the login it is'),
  },
  { additionalProperties: false },
)
export type ImportQuery = Static<typeof ImportQuery>

export const ExportQuery = Type.Object(
  {
    mode: Type.Optional(ImportMode),
    entityId: Type.Optional(id('Only people of this entity and those below it')),
    separator: Type.Optional(
      Type.Union([Type.Literal('comma'), Type.Literal('semicolon')], {
        description: 'What parts the cells; `semicolon`, which a French spreadsheet expects, when missing',
      }),
    ),
    bom: Type.Optional(
      Type.Boolean({
        default: true,
        description: 'Begin with a byte order mark, by which spreadsheets know UTF-8; true when missing',
      }),
    ),
  },
  { additionalProperties: false },
)
export type ExportQuery = Static<typeof ExportQuery>
