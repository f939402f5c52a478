import { type Static, Type } from 'typebox'
import { MAX_ID } from './fields.ts'

export const RioStorageMethod = Type.Union(
  [
    Type.Literal('custom_table', { description: "Call Manager's own table, glpi_plugin_callmanager_users" }),
    Type.Literal('name', { description: "The user's login" }),
    Type.Literal('registration_number', { description: "The user's registration number" }),
  ],
  { description: 'Where the RIO is kept.' },
)
export type RioStorageMethod = Static<typeof RioStorageMethod>

const TicketTarget = Type.Union(
  [
    Type.Literal('quick', { description: "Call Manager's own form, filled in for the caller" }),
    Type.Literal('native', { description: "ITSM-NG's own ticket form" }),
    Type.Literal('formcreator_wizard', { description: "Formcreator's list of forms" }),
    Type.Integer({ minimum: 1, description: 'The form of Formcreator with this id' }),
  ],
  { description: 'Where opening a ticket for a caller leads.' },
)
export type TicketTarget = Static<typeof TicketTarget>

const Country = Type.String({
  pattern: '^[A-Z]{2}$',
  description: 'Country (ISO 3166-1 alpha-2) that a phone number without calling code belongs to.',
})

/** What an administrator decides while the server runs; kept in the database, seen by every process within a second. */
export const Settings = Type.Object({
  rio_storage_method: RioStorageMethod,
  shared_rios: Type.Union(
    [
      Type.Literal('allowed', { description: 'A look-up then finds them all' }),
      Type.Literal('refused', { description: 'Whoever comes second is told that the RIO is taken' }),
    ],
    { description: 'Whether several people may have one RIO. Those that share one already keep it.' },
  ),
  default_country: Country,
  phone_request_source: Type.Integer({
    minimum: 1,
    maximum: MAX_ID,
    description: 'The request source that tickets of callers get, by its id in ITSM-NG.',
  }),
  ticket_target: TicketTarget,
  journal_retention_days: Type.Integer({
    minimum: 1,
    maximum: 3650,
    description: 'Days that the journal of look-ups is kept.',
  }),
})
export type Settings = Static<typeof Settings>

export const DEFAULT_SETTINGS: Settings = {
  rio_storage_method: 'custom_table',
  shared_rios: 'allowed',
  default_country: 'FR',
  phone_request_source: 3,
  ticket_target: 'quick',
  journal_retention_days: 180,
}

/** The settings by their names in the API, and how each is called in the database. */
export const SETTING_NAMES = {
  rioStorageMethod: 'rio_storage_method',
  sharedRios: 'shared_rios',
  defaultCountry: 'default_country',
  phoneRequestSource: 'phone_request_source',
  ticketTarget: 'ticket_target',
  journalRetentionDays: 'journal_retention_days',
} as const satisfies Record<string, keyof Settings>

const { properties } = Settings
const named = {
  rioStorageMethod: properties.rio_storage_method,
  sharedRios: properties.shared_rios,
  defaultCountry: properties.default_country,
  phoneRequestSource: properties.phone_request_source,
  ticketTarget: properties.ticket_target,
  journalRetentionDays: properties.journal_retention_days,
} satisfies Record<keyof typeof SETTING_NAMES, unknown>

const EntityId = Type.String({ pattern: '^(0|[1-9][0-9]{0,9})$' })

export const NamedSettings = Type.Object(
  {
    ...named,
    countries: Type.Record(EntityId, Country, {
      description: 'Countries of single entities and those below them, by the id of the entity',
    }),
  },
  { title: 'Settings', description: 'What an administrator decides while the server runs' },
)
export type NamedSettings = Static<typeof NamedSettings>

export const SettingsChange = Type.Object(
  {
    ...Type.Partial(Type.Object(named)).properties,
    countries: Type.Optional(
      Type.Record(EntityId, Type.Union([Country, Type.Null()]), {
        additionalProperties: false,
        description:
          'Countries of single entities, by the id of the entity; null takes one away, others stay',
      }),
    ),
  },
  { title: 'SettingsChange', additionalProperties: false, minProperties: 1 },
)
export type SettingsChange = Static<typeof SettingsChange>
